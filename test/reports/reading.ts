/** Reports of real losses as fixtures: `<id>.txt`, what was lost, the files that lost it, and the same ones repaired. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { readSections, type Sections } from '../rules/sections.ts';

/** Of `finds` each line is `severity rule file line:character-line:character message`: all errors and warnings, and the infos that matter. */
export type Stage = Sections;

export interface LossReport {
  readonly id: string;
  /** `where: what was lost, and when`, one line. */
  readonly title: string;
  /** Rules that find it; with `because` those that would. */
  readonly rules: readonly string[];
  /** Why files alone do not show it. Then there are no stages. */
  readonly because?: string;
  readonly broken?: Stage;
  readonly repaired?: Stage;
}

const FOLDER = import.meta.dirname;

export const readReports = (): LossReport[] =>
  fs
    .readdirSync(FOLDER)
    .filter((name) => /^C\d{3}\.txt$/.test(name))
    .sort()
    .map((name) => readReport(name.slice(0, -4), fs.readFileSync(path.join(FOLDER, name), 'utf8')));

function readReport(id: string, text: string): LossReport {
  const [head = '', ...parts] = text.split(/^=== /m);
  const [title = '', ...notes] = head.trim().split('\n');
  const because = notes.join(' ').replace(/^not from files: /, '');
  const stages = new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')).trim(), stage(part)]));
  const broken = stages.get('broken');
  const repaired = stages.get('repaired');
  if (because !== '') {
    if (parts.length > 0) throw new Error(`${id}: what is not found in files has no stages`);
    return { id, title, rules: [], because };
  }
  if (!broken || !repaired || stages.size !== 2) throw new Error(`${id} has not just a broken and a repaired stage`);
  const rules = [...new Set(broken.finds.map((line) => line.split(' ')[1]!))];
  return { id, title, rules, broken, repaired };
}

const stage = (part: string): Stage => readSections(part.split(/^--- /m).slice(1));
