/** What a service is started with, as commands: `command:` and `entrypoint:` of a Compose file. */
import * as path from 'node:path';
import type { Service } from '../project/model.ts';
import type { Node, ScalarNode } from '../syntax/tree.ts';
import { valueAt } from '../syntax/tree.ts';
import type { Mapped } from './mapped.ts';
import { type Script, UNKNOWN } from './model.ts';
import { readChunks } from './read.ts';
import { mappedScalar } from './texts/yaml-text.ts';

const SHELLS = new Set(['sh', 'bash', 'ash', 'dash']);

/** Others are not parsed: most services are started with nothing of the kind. */
const mayMatter = (text: string): boolean =>
  /\b(cp|tar|rsync|zip|scp|pg_dump(all)?|mysqldump|mariadb-dump|mongodump)\b/.test(text);

/** Null where it is no shell text, or none that copies or dumps anything. */
export async function readStarted(service: Service): Promise<Script | null> {
  const { name, key, broken } = service;
  const scalar = broken ? null : shellText(written(service, 'entrypoint'), written(service, 'command'));
  if (!scalar || !mayMatter(scalar.text)) return null;
  const { span } = scalar;
  const within = [{ kind: 'service' as const, name: { text: name, span: key, told: true }, by: null }];
  const parts = await readChunks([{ name, span, texts: [asTheShellSeesIt(scalar)], within, folder: null }]);
  return { source: span.source, kind: 'started', parts, settings: [] };
}

/** As it stands in the file that has the last word, before anything is put in. */
const written = ({ declarations }: Service, key: string): Node | undefined =>
  declarations.map(({ node }) => valueAt(node ?? undefined, key)).findLast((value) => value !== undefined);

/** A text by itself, or what stands behind `sh -c` in a list. */
function shellText(entrypoint: Node | undefined, command: Node | undefined): ScalarNode | null {
  if (entrypoint === undefined && command?.kind === 'scalar') return command;
  const words = [...itemsOf(entrypoint), ...itemsOf(command)];
  const flag = words.findIndex(({ text }) => /^-[a-z]*c$/.test(text));
  return flag > 0 && SHELLS.has(path.posix.basename(words[0]!.text)) ? (words[flag + 1] ?? null) : null;
}

const itemsOf = (node: Node | undefined): ScalarNode[] =>
  node?.kind === 'seq' ? node.items.flatMap(({ value }) => (value.kind === 'scalar' ? [value] : [])) : [];

/** Compose puts its own variables in first, and leaves one of two dollar signs. */
const asTheShellSeesIt = (scalar: ScalarNode): Mapped =>
  mappedScalar(scalar).replace(/\$\$|\$\{[^}]*\}|\$\w+/g, ([match]) => (match === '$$' ? '$' : UNKNOWN));
