import type { Family } from '../server/catalogue/model.ts';

export interface FamilyFile {
  readonly file: string;
  readonly text: string;
}

export function generateCatalogue(): Promise<void>;
export function readFolder(folder: string): FamilyFile[];
export function readFamilies(files: readonly FamilyFile[]): { families: Family[]; problems: string[]; warnings: string[] };
