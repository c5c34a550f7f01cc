/** What the word of a loop says in turn, in the project around it. */
import { type Listing, TURN, type Word } from '../../scripts/model.ts';
import type { AnalysedProject } from '../../stores/model.ts';
import { volumeNameOf } from './volumes.ts';

/** Of a word that no loop changes what it says. */
export function readingsOf(word: Word, analysed: AnalysedProject): readonly string[] {
  if (!word.each) return [word.text];
  const { values, template } = word.each;
  const names = isListing(values) ? namesIn(values, analysed) : values;
  return names.map((name) => template.replaceAll(TURN, name));
}

export const isListing = (values: NonNullable<Word['each']>['values']): values is Listing => !Array.isArray(values);

/** Volumes that have a name, by the name that the engine lists; containers by that of their service. */
function namesIn({ of, picks }: Listing, { project, services }: AnalysedProject): string[] {
  const names =
    of === 'containers'
      ? services.map(({ service }) => service.containerName?.value ?? `${project.name}-${service.name}-1`)
      : services.flatMap(({ service }) =>
          service.mounts.flatMap(({ type, source }) =>
            type === 'volume' && source !== undefined ? [volumeNameOf(source, project)] : [],
          ),
        );
  return [...new Set(names)].filter(picks);
}
