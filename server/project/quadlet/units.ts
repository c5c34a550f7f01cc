/** The units of a folder, and what they are to one another. */
import type { Files } from '../../files.ts';
import type { Source } from '../../syntax/source.ts';
import type { Chars } from '../../syntax/unit/chars.ts';
import { all, last } from '../../syntax/unit/lookup.ts';
import type { TopLevelVolume } from '../model.ts';
import { serviceVariables } from './environment.ts';
import { entriesIn, ownEntries, type QuadletUnit, type UnitKind, type Value } from './model.ts';
import type { Place } from './mounts/outcome.ts';
import { type Expansion, expand, specifiersOf } from './specifiers.ts';
import { withoutSuffix } from './unit.ts';

/** A volume that a container names and that no unit makes. */
export interface PlainVolume {
  readonly name: string;
  readonly value: Value;
}

export class Units {
  readonly files: Files;
  readonly directory: string;
  /** By file name. */
  private readonly units: ReadonlyMap<string, QuadletUnit>;
  private readonly byEngineName = new Map<string, string>();
  private readonly expansions = new WeakMap<QuadletUnit, Expansion>();
  readonly plain = new Map<string, PlainVolume>();
  /** Volumes that Kubernetes files claim, by key. */
  readonly claims = new Map<string, TopLevelVolume>();
  /** Other files that units are made of. */
  readonly more: Source[] = [];

  constructor(files: Files, directory: string, units: readonly QuadletUnit[]) {
    this.files = files;
    this.directory = directory;
    this.units = new Map(units.map((unit) => [unit.file, unit]));
    for (const unit of this.of('volume')) this.byEngineName.set(engineName(unit), withoutSuffix(unit.file));
  }

  of(kind: UnitKind): QuadletUnit[] {
    return [...this.units.values()].filter((unit) => unit.kind === kind);
  }

  named(file: string): QuadletUnit | undefined {
    return this.units.get(file);
  }

  expansionOf(unit: QuadletUnit): Expansion {
    let known = this.expansions.get(unit);
    if (!known) {
      known = {
        specifiers: specifiersOf(unit.serviceName),
        ...serviceVariables(entriesIn(unit, 'Service'), this.files),
      };
      this.expansions.set(unit, known);
    }
    return known;
  }

  /** How mounts that are written in this unit are understood. */
  placeOf(unit: QuadletUnit): Place {
    const expansion = this.expansionOf(unit);
    return {
      directory: this.directory,
      expand: (written) => expand(written, expansion),
      volumeUnit: (file) => (this.units.get(file)?.kind === 'volume' ? withoutSuffix(file) : undefined),
      volumeNamed: (name, value) => this.volumeNamed(name, value),
      imageUnit: (file) => this.imageName(file)?.text,
    };
  }

  /** The key of the volume with this name on the engine. */
  keyOf(name: string): string {
    return this.byEngineName.get(name) ?? name;
  }

  private volumeNamed(name: string, value: Value): string {
    if (!this.byEngineName.has(name) && !this.plain.has(name)) this.plain.set(name, { name, value });
    return this.keyOf(name);
  }

  /** Where the name is written that containers use for what an `.image` or a `.build` unit brings. */
  imageName(file: string): Chars | undefined {
    const unit = this.units.get(file);
    if (unit?.kind === 'build') return all(ownEntries(unit), 'ImageTag')[0]?.value;
    if (unit?.kind !== 'image') return undefined;
    return (last(ownEntries(unit), 'ImageTag') ?? last(ownEntries(unit), 'Image'))?.value;
  }
}

export const engineName = (unit: QuadletUnit): string =>
  last(ownEntries(unit), 'VolumeName')?.value.text ?? `systemd-${withoutSuffix(unit.file)}`;
