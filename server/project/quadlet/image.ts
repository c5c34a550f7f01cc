/** What a container starts from: an image, or what a `.build` or `.image` unit brings. */
import * as path from 'node:path';
import type { Problem } from '../../syntax/source.ts';
import { place } from '../../syntax/unit/chars.ts';
import { allArguments, type Found, last, lastEntry, pairOf } from '../../syntax/unit/lookup.ts';
import type { Build, Text } from '../model.ts';
import { isRemoteContext } from '../paths.ts';
import { entriesIn, headerOf, ownEntries, type QuadletUnit } from './model.ts';
import { podmanOptions } from './podman-args.ts';
import { expand } from './specifiers.ts';
import { textOf, unresolvedOf } from './text.ts';
import type { Units } from './units.ts';

export interface ImageParts {
  readonly image?: Text;
  readonly build?: Build;
  readonly problems: readonly Problem[];
}

export function readImage(unit: QuadletUnit, units: Units): ImageParts {
  const entries = ownEntries(unit);
  const found = last(entries, 'Image');
  const rootfs = last(entries, 'Rootfs');
  if (!found) {
    const span = lastEntry(entries, 'Image')?.span ?? headerOf(unit);
    return { problems: rootfs ? [] : [{ span, message: 'a container needs Image= or Rootfs=' }] };
  }
  const problems: Problem[] = rootfs ? [{ span: place(rootfs.value), message: 'Image= is set as well' }] : [];
  const { text } = found.value;
  if (!/\.(image|build)$/.test(text)) return { image: imageText(found, unit, units), problems };
  const named = units.imageName(text);
  const source = units.named(text);
  if (!source) {
    const message = `there is no ${text} beside this unit`;
    return { problems: [...problems, { span: place(found.value), message, reference: true }] };
  }
  const image = named && textOf(expand(named, units.expansionOf(unit), 'dropped'));
  if (!named)
    problems.push({
      span: headerOf(source),
      message: text.endsWith('.build') ? 'no ImageTag= is set' : 'no Image= is set',
    });
  return {
    ...(image ? { image } : {}),
    ...(source.kind === 'build' ? { build: readBuild(source, units) } : {}),
    problems,
  };
}

const imageText = ({ value }: Found, unit: QuadletUnit, units: Units): Text =>
  textOf(expand(value, units.expansionOf(unit), 'dropped'));

const CONTAINERFILES = ['Containerfile', 'Dockerfile'];

export function readBuild(unit: QuadletUnit, units: Units): Build {
  const entries = ownEntries(unit);
  const { expand: replaced } = units.placeOf(unit);
  const value = (key: string) => {
    const found = last(entries, key);
    return found && replaced(found.value);
  };
  const file = value('File');
  const working = value('SetWorkingDirectory');
  const options = podmanOptions(
    allArguments(entries, 'PodmanArgs').words.map((word) => word.value),
    'build',
  );
  const given = (name: string) =>
    options.filter((option) => option.name === name).flatMap((option) => (option.value ? [option.value] : []));
  const args = new Map<string, string | null>();
  for (const word of [...allArguments(entries, 'BuildArg').words.map((one) => one.value), ...given('build-arg')]) {
    const pair = pairOf(word);
    const result = pair.value && replaced(pair.value);
    args.set(pair.name, result && result.holes.length === 0 ? result.chars.text : null);
  }
  const context = contextOf(unit, units, working?.chars.text, file?.chars.text);
  const remote = isRemoteContext(context);
  const target = given('target').at(-1)?.text ?? value('Target')?.chars.text;
  const unresolved = [...(file ? unresolvedOf(file) : []), ...(working ? unresolvedOf(working) : [])];
  return {
    context,
    remote,
    args,
    additionalContexts: new Map(),
    span: working ? place(working.written) : file ? place(file.written) : headerOf(unit),
    unresolved,
    ...(remote ? {} : { dockerfile: dockerfileIn(units, context, file?.chars.text) }),
    ...(target !== undefined ? { target } : {}),
  };
}

/** `unit`, `file` and `yaml` stand for folders. Without any, systemd runs the build where `[Service]` says. */
function contextOf(unit: QuadletUnit, units: Units, working: string | undefined, file: string | undefined): string {
  const folderOfFile =
    file === undefined ? units.directory : path.posix.dirname(path.posix.resolve(units.directory, file));
  switch (working?.toLowerCase()) {
    case undefined: {
      const set = last(entriesIn(unit, 'Service'), 'WorkingDirectory')?.value.text;
      return set !== undefined && path.posix.isAbsolute(set) ? set : folderOfFile;
    }
    case 'unit':
      return units.directory;
    case 'file':
      return folderOfFile;
    default:
      return isRemoteContext(working!) || working!.startsWith('%')
        ? working!
        : path.posix.resolve(units.directory, working!);
  }
}

/** A relative file is looked for beside the unit first, then in the context. */
function dockerfileIn({ files, directory }: Units, context: string, file: string | undefined): string {
  const candidates =
    file === undefined
      ? CONTAINERFILES.map((name) => path.posix.resolve(context, name))
      : [path.posix.resolve(directory, file), path.posix.resolve(context, file)];
  return candidates.find((one) => files.kind(one) === 'file') ?? candidates.at(-1)!;
}
