/** Variables that are given by a file: `DATABASE_URL_FILE=/run/secrets/url` stands for what the file says. */
import type { Family } from '../../catalogue/model.ts';
import type { Evidence } from '../../survival/words.ts';
import type { EffectiveEnvironment } from '../from-image.ts';
import type { ContainerFiles } from './container-files.ts';

/** Names that images put behind a variable's own: Docker's usual one, and that of Gitea and Grafana. */
const ENDINGS = ['_FILE', '__FILE'];

/** The environment with the variables in it that the family's facts ask for and that files give; null where one cannot be read. */
export function withFiles(
  environment: EffectiveEnvironment,
  family: Family,
  files: ContainerFiles,
): EffectiveEnvironment {
  let extended: Map<string, { readonly value: string | null; readonly evidence: Evidence }> | undefined;
  for (const [name, { value: at, evidence }] of environment) {
    const ending = ENDINGS.findLast((one) => name.endsWith(one));
    const stands = ending && name.slice(0, -ending.length);
    if (!stands || at === '' || environment.has(stands) || !variablesOf(family).has(stands)) continue;
    const found = at === null || evidence.confidence === 'memory' ? 'unknown' : files.read(at);
    const known = typeof found === 'string' ? null : found;
    extended ??= new Map(environment);
    extended.set(stands, {
      value: known?.text.trim() ?? null,
      // What a secret says is nobody's to read in a message.
      evidence: known
        ? {
            from: 'environment',
            note: `${stands} is what ${at} says`,
            span: { source: known, start: 0, end: known.text.trimEnd().length },
            confidence: 'primary',
          }
        : {
            ...evidence,
            note: `${stands} is what ${at ?? 'a file'} says, which is not known here`,
            confidence: 'memory',
          },
    });
  }
  return extended ?? environment;
}

const asked = new WeakMap<Family, ReadonlySet<string>>();

/** The variables that decide where a family keeps its data. */
function variablesOf(family: Family): ReadonlySet<string> {
  let names = asked.get(family);
  if (!names) {
    const conditions = [
      ...(family.external?.env ?? []),
      ...[...family.data, ...family.relocations, ...family.volumes].flatMap(({ when }) => when?.env ?? []),
    ];
    names = new Set([
      ...conditions.flatMap((condition) =>
        condition.split(' and ').map((term) => /^[\w.-]+/.exec(term.trim())?.[0] ?? ''),
      ),
      ...family.relocations.filter(({ by }) => by === 'env').map(({ key }) => key),
    ]);
    asked.set(family, names);
  }
  return names;
}
