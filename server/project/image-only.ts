/** A Dockerfile that no project is known to build, as a project of one service. */
import * as path from 'node:path';
import type { Files } from '../files.ts';
import { type CopyStep, dockerfileOf, type Step } from '../syntax/dockerfile.ts';
import type { Source } from '../syntax/source.ts';
import { bareProject, bareService } from './bare.ts';
import type { Project } from './model.ts';

/**
 * What is mounted when the image is run is not known, so nothing is ever said to be missing.
 * @param top folder above which no build context is looked for
 * @throws UnreadableFile when `dockerfile` cannot be read
 */
export function loadImageOnly(files: Files, dockerfile: string, top: string): Project {
  const source = files.read(dockerfile);
  const context = contextOf(files, source, top);
  const key = { source, start: 0, end: 0 };
  const name = path.posix.basename(context) || 'image';
  const gap = { span: key, message: 'what is mounted when the image is run is not known' };
  const service = {
    ...bareService(name, key),
    mountGaps: [gap],
    environmentGaps: [{ span: key, message: 'what is set when the image is run is not known' }],
    build: {
      context,
      remote: false,
      dockerfile,
      args: new Map(),
      additionalContexts: new Map(),
      span: key,
      unresolved: [],
    },
  };
  return {
    ...bareProject('compose', path.posix.dirname(dockerfile), [source]),
    name,
    imageOnly: true,
    services: [service],
  };
}

/**
 * `docker build -f docker/app.Dockerfile .`: the nearest folder, upwards, that has what the steps copy. Where none has
 * all of it, the Dockerfile's own.
 */
function contextOf(files: Files, source: Source, top: string): string {
  const own = path.posix.dirname(source.path);
  const stage = dockerfileOf(source).stage(undefined, new Map());
  const wanted = (stage?.steps ?? []).flatMap(copied).flatMap(literalSources);
  for (let at = own; ; at = path.posix.dirname(at)) {
    if (wanted.every((name) => files.kind(path.posix.join(at, name)) !== 'missing')) return at;
    if (at === top || at === path.posix.dirname(at) || !at.startsWith(top)) return own;
  }
}

const copied = (step: Step): CopyStep[] => (step.kind === 'copy' && !step.copy.from ? [step.copy] : []);

const literalSources = ({ sources }: CopyStep): string[] =>
  sources
    .filter(({ value, unresolved }) => unresolved.length === 0 && !/^[a-z]+:\/\/|^git@|[*?[\\]/.test(value))
    .map(({ value }) => value);
