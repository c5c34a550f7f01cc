/** What is known of a tag beyond what it says. */
import type { Family, TagFact } from './model.ts';
import type { ImageReference } from './reference.ts';

/** The first entry that is about this repository and this tag; one for the tag itself stands before `*`. */
export function tagFactOf({ family, reference }: Tagged): TagFact | undefined {
  const { repository, tag } = reference;
  const own = family.tags?.filter(({ image }) => image === undefined || image === repository) ?? [];
  return own.find((fact) => fact.tag === (tag ?? 'latest')) ?? own.find((fact) => fact.tag === '*');
}

interface Tagged {
  readonly family: Family;
  readonly reference: ImageReference;
}
