/** The same project read by Compose and by us, and what the two say differently. */
import { execFile, execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Writable } from 'node:stream';
import { run } from '../../server/cli/run.ts';
import type { TestProject } from './project.ts';

/** How Compose is called: a program and the arguments that come first. */
export type Oracle = readonly [string, ...string[]];

/** `PERSISTENCE_COMPOSE`, or Compose 2 as it is installed; null where there is none. */
export function findOracle(): Oracle | null {
  const given = process.env.PERSISTENCE_COMPOSE;
  // Compose is called in the folder of each project, so its path cannot be relative.
  const candidates: Oracle[] = given
    ? [[given.includes('/') ? path.resolve(given) : given]]
    : [['docker', 'compose'], ['docker-compose']];
  return candidates.find(isVersion2) ?? null;
}

function isVersion2([program, ...first]: Oracle): boolean {
  try {
    const version = execFileSync(program, [...first, 'version', '--short'], { stdio: ['ignore', 'pipe', 'ignore'] });
    return /^v?([2-9]|\d{2,})\./.test(version.toString().trim());
  } catch {
    return false;
  }
}

export type Answer = { readonly refused: string } | { readonly model: Model };

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export interface Model {
  readonly [key: string]: Json;
}

const HOME = '/home/me';

const environment = (folder: string, project: TestProject): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  HOME,
  PWD: folder,
  ...project.env,
});

export function askCompose(oracle: Oracle, folder: string, project: TestProject): Promise<Answer> {
  const [program, ...first] = oracle;
  const argv = [...first, ...project.argv, 'config', '--format', 'json'];
  const env = environment(folder, project);
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, env, maxBuffer: 1 << 26, timeout: 20_000 };
    execFile(program, argv, options, (error, stdout, stderr) => {
      // A program that cannot be started refuses nothing.
      if (typeof error?.code === 'string') reject(error);
      else if (error) resolve({ refused: lastLine(stderr) || String(error) });
      else resolve({ model: reduced(JSON.parse(stdout)) });
    });
  });
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

const OURS: Readonly<Record<string, string>> = { '-p': '--project-name' };

export async function askUs(folder: string, project: TestProject): Promise<Answer> {
  const out = new Sink();
  const argv = ['model', ...project.argv.map((word) => OURS[word] ?? word)];
  const code = await run(argv, {
    cwd: folder,
    stdin: (async function* () {})(),
    stdout: out,
    stderr: new Sink(),
    env: environment(folder, project),
    isTTY: false,
  });
  const model = JSON.parse(out.text);
  if (code === 0 && !model.errors) return { model: reduced(model) };
  if (code !== 2 || !model.errors?.length)
    throw new Error(`exit code ${code}, errors: ${JSON.stringify(model.errors)}`);
  for (const error of model.errors) {
    if (typeof error.file !== 'string' || !error.range) throw new Error(`no place: ${JSON.stringify(error)}`);
  }
  return { refused: model.errors.map((error: { message: string }) => error.message).join(' | ') };
}

class Sink extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

const SERVICE = [
  ...['image', 'command', 'entrypoint', 'environment', 'volumes', 'tmpfs', 'user', 'hostname', 'profiles', 'labels'],
  ...['stop_grace_period', 'stop_signal', 'restart', 'init', 'read_only', 'working_dir', 'container_name'],
  ...['pull_policy', 'depends_on', 'volumes_from', 'scale'],
];
const BUILD = ['context', 'dockerfile', 'dockerfile_inline', 'target', 'args', 'additional_contexts'];
const VOLUME = ['name', 'external', 'driver', 'driver_opts', 'labels'];

type Tree = Readonly<Record<string, Json>>;
const treeAt = (tree: Tree | undefined, key: string): Tree => (tree?.[key] ?? {}) as Tree;

/** What both must agree on. Nothing, false and empty are one: Compose leaves out what we print. */
export function reduced(model: Tree): Model {
  const services = Object.entries(treeAt(model, 'services')).map(([name, service]) => {
    const tree = service as Tree;
    const kept = pick(tree, SERVICE);
    const build = tree.build ? { build: pick(treeAt(tree, 'build'), BUILD) } : {};
    const replicas = treeAt(tree, 'deploy').replicas;
    const mounts = ((tree.volumes ?? []) as readonly Tree[]).map(mount);
    return [name, { ...kept, ...lean('volumes', mounts), ...build, ...lean('replicas', replicas) }] as const;
  });
  const volumes = Object.entries(treeAt(model, 'volumes')).map(
    ([key, volume]) => [key, pick((volume ?? {}) as Tree, VOLUME)] as const,
  );
  return {
    name: model.name ?? '',
    services: sorted(Object.fromEntries(services)),
    volumes: sorted(Object.fromEntries(volumes)),
  };
}

function mount(tree: Tree): Tree {
  return sorted(
    Object.fromEntries(Object.entries(tree).filter(([key, value]) => key !== 'read_only' || value === true)),
  );
}

const pick = (tree: Tree, keys: readonly string[]): Tree =>
  Object.assign({}, ...keys.map((key) => lean(key, tree[key])));

function lean(key: string, value: Json | undefined): Tree {
  if (value === undefined || value === null || value === '') return {};
  if (value === false && key !== 'init') return {};
  const words = key === 'command' || key === 'entrypoint';
  if (!words && typeof value === 'object' && Object.keys(value).length === 0) return {};
  return { [key]: sorted(value) };
}

function sorted<T extends Json>(value: T): T {
  if (Array.isArray(value)) return value.map(sorted) as unknown as T;
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)])) as T;
}

/** null where both say the same. */
export function difference(compose: Answer, ours: Answer): string | null {
  if ('refused' in compose) return 'refused' in ours ? null : `Compose refuses: ${compose.refused}`;
  if ('refused' in ours) return `Compose accepts, we say: ${ours.refused}`;
  return firstDifference(compose.model, ours.model, '');
}

function firstDifference(a: Json | undefined, b: Json | undefined, at: string): string | null {
  if (isObject(a) && isObject(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const found = firstDifference(a[key], b[key], at === '' ? key : `${at}.${key}`);
      if (found) return found;
    }
    return null;
  }
  if (JSON.stringify(a) === JSON.stringify(b)) return null;
  return `${at}: Compose ${JSON.stringify(a)}, we ${JSON.stringify(b)}`;
}

const isObject = (value: Json | undefined): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Runs `work` on every item, a few at a time. */
export async function inPool<T>(
  items: readonly T[],
  size: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      await work(items[index]!, index);
    }
  };
  await Promise.all(Array.from({ length: size }, worker));
}

/** A folder for `index`, named so that the project's name can be told from it. */
export const folderFor = (root: string, index: number): string =>
  path.join(fs.realpathSync(root), `P_${index}`, 'My.App');
