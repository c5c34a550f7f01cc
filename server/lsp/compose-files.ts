/** Which documents are Compose files: by name and content, as no two editors agree on the language of one. */
import type { Files } from '../files.ts';
import { yamlOf } from '../project/documents.ts';
import { isComposeName } from '../project/file-names.ts';
import { entryOf } from '../syntax/tree.ts';

/** Other YAML (`local.yml`, `stack.yaml`) is Compose when a service says what it runs: other tools have `services` too. */
export function isCompose(files: Files, path: string): boolean {
  if (!/\.ya?ml$/i.test(path)) return false;
  if (isComposeName(path)) return true;
  const { root } = yamlOf(files.read(path));
  const services = entryOf(root ?? undefined, 'services')?.value;
  if (services?.kind !== 'map') return false;
  return [...services.entries.values()].some(({ value }) => entryOf(value, 'image') ?? entryOf(value, 'build'));
}
