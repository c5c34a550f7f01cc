/** What the other Compose files of a folder say of a service: what they pull for it, and what they build. */
import * as path from 'node:path';
import { type Files, UnreadableFile } from '../files.ts';
import { yamlOf } from '../project/documents.ts';
import { isComposeName } from '../project/file-names.ts';
import type { Build, Service } from '../project/model.ts';
import { dockerfileAt, isRemoteContext } from '../project/paths.ts';
import type { Span } from '../syntax/source.ts';
import { type Node, type ScalarNode, valueAt } from '../syntax/tree.ts';

/** An image as it is written there, variables and all. */
export interface Written {
  readonly text: string;
  readonly span: Span;
}

/** A service of another project. */
export interface ServiceBeside {
  readonly name: string;
  readonly node: Node;
}

/** Those of the other Compose files in a folder. */
export type Beside = (folder: string) => readonly ServiceBeside[];

/** @param own absolute paths of the Compose files that are not the others */
export const besideIn = (folder: string, own: readonly string[], files: Files): ServiceBeside[] =>
  files
    .list(folder)
    .filter((entry) => entry.kind === 'file' && isComposeName(entry.name))
    .map((entry) => path.posix.join(folder, entry.name))
    .filter((file) => !own.includes(file))
    .flatMap((file) => servicesIn(file, files));

const folderOf = ({ declarations }: Service): string => path.posix.dirname(declarations[0].source.path);

/** The same program, published: images that are pulled for a service which is built here. */
export const imagesBeside = (service: Service, beside: Beside): Written[] =>
  beside(folderOf(service)).flatMap(({ name, node }) =>
    name === service.name && !valueAt(node, 'build') ? (imageOf(node) ?? []) : [],
  );

/** Another file builds what is pulled here. */
export interface BuildBeside {
  readonly build: Build;
  /** It gives the build the very name that is pulled. */
  readonly named: boolean;
}

/** The first build that is given the name of the service's image, else the one of the service of the same name. */
export function buildBeside(service: Service, beside: Beside, files: Files): BuildBeside | undefined {
  const pulled = service.image && repositoryOf(service.image.scalar.text);
  const found = beside(folderOf(service)).flatMap(({ name, node }): BuildBeside[] => {
    const image = imageOf(node);
    const named = image !== undefined && repositoryOf(image.text) === pulled;
    const build = named || (name === service.name && !image) ? readBuild(valueAt(node, 'build'), files) : undefined;
    return build ? [{ build, named }] : [];
  });
  return found.find(({ named }) => named) ?? found[0];
}

/** Without the tag, which a release changes. */
const repositoryOf = (image: string): string => image.replace(/(?::[^/]*)?(?:@.*)?$/, '').replace(/^docker\.io\//, '');

function servicesIn(file: string, files: Files): ServiceBeside[] {
  try {
    const services = valueAt(yamlOf(files.read(file)).root ?? undefined, 'services');
    return services?.kind === 'map' ? [...services.entries].map(([name, { value }]) => ({ name, node: value })) : [];
  } catch (error) {
    if (error instanceof UnreadableFile) return [];
    throw error;
  }
}

function imageOf(node: Node): Written | undefined {
  const image = textIn(valueAt(node, 'image'));
  return image && { text: image.text, span: image.span };
}

/** Of texts that are written out; undefined where a variable, another stage or another machine has a say. */
function readBuild(node: Node | undefined, files: Files): Build | undefined {
  if (!node) return undefined;
  const parts = node.kind === 'map' ? node.entries : new Map();
  if ([...parts.keys()].some((key) => !PLAIN.has(key))) return undefined;
  const context = textIn(node) ?? textIn(valueAt(node, 'context'));
  const dockerfile = textIn(valueAt(node, 'dockerfile'));
  const target = textIn(valueAt(node, 'target'));
  const texts = [context, dockerfile, target].map((part) => part?.text ?? '');
  if (!context || texts.some((text) => /[$~]/.test(text)) || isRemoteContext(context.text)) return undefined;
  const folder = path.posix.resolve(path.posix.dirname(node.span.source.path), context.text);
  return {
    context: folder,
    remote: false,
    dockerfile: dockerfileAt(path.posix.resolve(folder, dockerfile?.text ?? 'Dockerfile'), files),
    ...(target ? { target: target.text } : {}),
    args: argsIn(valueAt(node, 'args')),
    additionalContexts: new Map(),
    span: context.span,
    unresolved: [],
  };
}

/** What does not decide what is built, or is read here. */
const PLAIN = new Set([
  'args',
  'context',
  'dockerfile',
  'target',
  'cache_from',
  'cache_to',
  'tags',
  'platforms',
  'pull',
  'labels',
  'no_cache',
]);

/** Null for what a variable decides. */
function argsIn(node: Node | undefined): Map<string, string | null> {
  const pairs =
    node?.kind === 'map'
      ? [...node.entries].map(([name, { value }]) => [name, textIn(value)?.text] as const)
      : node?.kind === 'seq'
        ? node.items.map(({ value }) => splitAt(textIn(value)?.text ?? ''))
        : [];
  return new Map(pairs.map(([name, text]) => [name, text === undefined || text.includes('$') ? null : text]));
}

function splitAt(pair: string): readonly [string, string | undefined] {
  const equals = pair.indexOf('=');
  return equals < 0 ? [pair, undefined] : [pair.slice(0, equals), pair.slice(equals + 1)];
}

const textIn = (node: Node | undefined): ScalarNode | undefined =>
  node?.kind === 'scalar' && node.text ? node : undefined;
