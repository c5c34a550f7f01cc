import type { Random } from '../random.ts';
import type { Entries, Value } from '../write-yaml.ts';

export type Tree = { [key: string]: Value | Entries | Tree };

/** A project in the making. */
export interface Draft {
  /** The first is the one that Compose starts with. */
  readonly trees: { [file: string]: Tree };
  readonly texts: { [file: string]: string };
  readonly dotenv: string[];
  readonly env: { [name: string]: string };
  readonly argv: string[];
}

export interface Topic {
  readonly name: string;
  readonly change: (random: Random, draft: Draft) => void;
}

export const mainFile = (draft: Draft): string => Object.keys(draft.trees)[0]!;

export const mainTree = (draft: Draft): Tree => draft.trees[mainFile(draft)]!;

/** `key` of `tree` as a mapping, made where it is missing. */
export function within(tree: Tree, key: string): Tree {
  const known = tree[key];
  if (known && typeof known === 'object' && !Array.isArray(known) && Object.getPrototypeOf(known) === Object.prototype)
    return known as Tree;
  const made: Tree = {};
  tree[key] = made;
  return made;
}

export const servicesOf = (draft: Draft): Tree => within(mainTree(draft), 'services');

export function anyService(random: Random, draft: Draft): Tree {
  const services = servicesOf(draft);
  return within(services, random.pick(Object.keys(services)));
}

/** Adds items to a list of `tree`, or makes it. */
export function append(tree: Tree, key: string, ...items: Value[]): void {
  const known = tree[key];
  tree[key] = Array.isArray(known) ? [...known, ...items] : items;
}

/** A topic that gives one attribute of a service one of some values. */
export const attribute = (key: string, values: readonly Value[]): Topic => ({
  name: key,
  change: (random, draft) => {
    anyService(random, draft)[key] = random.pick(values);
  },
});
