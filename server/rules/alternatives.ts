/** Places of one and the same data: where a program takes one of several, and where another version keeps it. */
import { dataPaths, declaredVolumes, satisfies, versionOf } from '../catalogue/match.ts';
import type { DataPath } from '../catalogue/model.ts';
import type { Mount } from '../project/model.ts';
import { cleanTarget } from '../project/mounts.ts';
import type { AnalysedService, AnalysedStore } from '../stores/model.ts';
import { coveringMount } from '../survival/backing.ts';
import { isDataMount } from './data-mounts.ts';
import { valuesOf } from './values.ts';

/** The fact of the catalogue that a store rests on. */
const factOf = (facts: readonly DataPath[], { store }: AnalysedStore): DataPath | undefined =>
  facts.find((fact) => cleanTarget(fact.path) === store.path);

/** Another place of its group is mounted: the program takes what is there. */
export function isAtOtherPlace({ service, image, environment }: AnalysedService, one: AnalysedStore): boolean {
  if (!image.match) return false;
  const facts = dataPaths(image.match, valuesOf({ environment }));
  const group = factOf(facts, one)?.group;
  if (group === undefined) return false;
  return facts.some((other) => {
    const at = cleanTarget(other.path);
    const mount = other.group === group && at !== one.store.path ? coveringMount(at, service.mounts) : undefined;
    return mount !== undefined && couldLast(mount);
  });
}

/** By its kind, also where a variable of its source is not set. */
const couldLast = ({ type, source, unresolved, readOnly }: Mount): boolean =>
  !readOnly && type !== 'tmpfs' && type !== 'image' && (source !== undefined || unresolved.length > 0);

export interface OtherVersion {
  readonly mount: Mount;
  readonly why: string;
}

/** A mount where another version of the image keeps what this one keeps elsewhere; both by what was read, and the version known. */
export function ofOtherVersion(analysed: AnalysedService, one: AnalysedStore): OtherVersion | undefined {
  const { match } = analysed.image;
  const version = match ? versionOf(match) : null;
  if (!match || version === null || match.openTag || match.lookalike || one.store.role !== 'server') return undefined;
  const inForce = dataPaths(match, valuesOf(analysed));
  const own = factOf(inForce, one);
  if (own?.kind !== 'essential' || own.when?.version === undefined) return undefined;
  // What this version has a volume for it uses as well, if for something else.
  const used: readonly { readonly path: string }[] = [...inForce, ...declaredVolumes(match, valuesOf(analysed))];
  for (const mount of analysed.service.mounts.filter(isDataMount)) {
    const isThere = ({ path }: DataPath): boolean => cleanTarget(path) === mount.target;
    if (used.some(({ path }) => cleanTarget(path) === mount.target)) continue;
    const other = match.family.data.find(
      (fact) =>
        isThere(fact) &&
        fact.kind === 'essential' &&
        fact.need === 'required' &&
        (fact.confidence ?? match.family.confidence) !== 'memory' &&
        fact.when?.version !== undefined &&
        !satisfies(version, fact.when.version),
    );
    if (other) return { mount, why: `${match.family.title} keeps it there ${inWords(other.when!.version!)}` };
  }
  return undefined;
}

/** `>=2 <3`: "from 2 on and before 3". */
const inWords = (range: string): string =>
  range
    .split(/\s+/)
    .map((comparator) => {
      const [, operator = '', bound = ''] = /^([<>=]+)(.+)$/.exec(comparator) ?? [];
      if (operator === '>=') return `from ${bound} on`;
      if (operator === '<') return `before ${bound}`;
      if (operator === '>') return `after ${bound}`;
      return operator === '<=' ? `up to ${bound}` : `in ${bound}`;
    })
    .join(' and ');
