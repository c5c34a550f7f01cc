/** Quadlet's units: what a folder of them says, before it becomes services. */
import type { Source, Span } from '../../syntax/source.ts';
import type { Chars } from '../../syntax/unit/chars.ts';
import type { UnitEntry, UnitSection } from '../../syntax/unit.ts';

export const UNIT_KINDS = ['container', 'volume', 'pod', 'kube', 'build', 'image', 'network', 'artifact'] as const;
export type UnitKind = (typeof UNIT_KINDS)[number];

/** A unit with its drop-ins laid over it. */
export interface QuadletUnit {
  /** `db.container` */
  readonly file: string;
  readonly kind: UnitKind;
  /** Absolute; relative paths in the unit and in its drop-ins start in its folder. */
  readonly path: string;
  /** The unit itself, then its drop-ins in the order in which they are laid over it. */
  readonly sources: readonly [Source, ...Source[]];
  /** As they are written, in the order of `sources`. */
  readonly sections: readonly UnitSection[];
  /** What systemd calls it, without `.service`: `db`, `data-volume`. */
  readonly serviceName: string;
  /** Quadlet leaves it out: a line of it or of a drop-in is neither a section nor an entry. */
  readonly broken: boolean;
}

/** All entries of a section, those of drop-ins last. */
export const entriesIn = (unit: QuadletUnit, section: string): readonly UnitEntry[] =>
  unit.sections.filter(({ name }) => name === section).flatMap(({ entries }) => entries);

/** The section that Quadlet reads of a unit of this kind: `[Container]`. */
export const ownSection = (kind: UnitKind): string => kind[0]!.toUpperCase() + kind.slice(1);

export const ownEntries = (unit: QuadletUnit): readonly UnitEntry[] => entriesIn(unit, ownSection(unit.kind));

/** Where findings about the unit as a whole land: its own section's header in the file that has one first. */
export function headerOf(unit: QuadletUnit): Span {
  const header = unit.sections.find(({ name }) => name === ownSection(unit.kind))?.header;
  return header ?? { source: unit.sources[0], start: 0, end: 0 };
}

/** What is not known before systemd starts the unit: `%h`, `${DATA}`. */
export interface Hole {
  readonly variable: string;
  readonly span: Span;
  /** A file that the unit cannot do without may set it, and is not here. */
  readonly hidden?: true;
  /** Where in the text it stands, or where nothing is left of it. */
  readonly from: number;
  readonly to: number;
}

/** A value with the specifiers and variables that systemd replaces. */
export interface Value {
  /** As it is when the command runs. */
  readonly chars: Chars;
  /** As it is written, without quotes and escapes. */
  readonly written: Chars;
  readonly holes: readonly Hole[];
}
