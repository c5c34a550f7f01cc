/** The major version that wrote a data directory, and the tag that names it. */
import * as path from 'node:path';
import { type Files, UnreadableFile } from '../files.ts';
import { replaceSpan } from '../fixes/edits.ts';
import type { AnalysedService } from '../stores/model.ts';
import { textOf } from '../syntax/source.ts';
import type { Fix, RuleContext } from './rule.ts';
import { runsOf } from './runs.ts';

/** PostgreSQL writes its major version into the data directory: where that is a folder here, it can be read. */
export function pinMajor(
  { analysed: { project }, files }: RuleContext,
  analysed: AnalysedService,
  directory: string,
): Fix[] {
  const { match } = analysed.image;
  const { image } = analysed.service;
  if (!match || !image || image.pieces || textOf(image.span) !== image.value || image.value.includes('@')) return [];
  const major = majorIn(directory, files);
  const { tag } = match.reference;
  if (major === null || (tag !== null && !image.value.endsWith(`:${tag}`))) return [];
  const named = tag === null ? image.value : image.value.slice(0, -tag.length - 1);
  const pinned = `${named}:${tagOf(major, tag)}`;
  const steps = [
    `PG_VERSION in ${directory} says ${major}: this is the version that has to go on reading it`,
    'Apply this change',
    `${runsOf(project).up(project, analysed.service)}. For a newer major version dump with this one first`,
  ];
  return [{ title: `Pin ${pinned}`, safety: 'migration', edits: [replaceSpan(image.span, pinned)], steps }];
}

/** `alpine` and `18.1-alpine` become `17-alpine`. */
function tagOf(major: string, tag: string | null): string {
  if (tag === null || tag === 'latest') return major;
  return /^\d/.test(tag) ? tag.replace(/^\d+(\.\d+)*/, major) : `${major}-${tag}`;
}

/** In the directory itself, or in the one of a major version below it (`18/docker`). */
function majorIn(directory: string, files: Files): string | null {
  const below = files.list(directory).filter(({ name, kind }) => kind === 'directory' && /^\d\d$/.test(name));
  const places = [directory, ...below.map(({ name }) => path.posix.join(directory, name, 'docker'))];
  const found = new Set(places.flatMap((place) => versionFile(path.posix.join(place, 'PG_VERSION'), files) ?? []));
  return found.size === 1 ? [...found][0]! : null;
}

function versionFile(file: string, files: Files): string | null {
  try {
    return files.kind(file) === 'file' ? (/^(\d{2})\s*$/.exec(files.read(file).text)?.[1] ?? null) : null;
  } catch (error) {
    if (error instanceof UnreadableFile) return null;
    throw error;
  }
}
