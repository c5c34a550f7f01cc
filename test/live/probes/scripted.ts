/** Containers that are not there: scripts run in a shell of this machine, where clients answer as they are told. */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { ArchiveEntry, Container, PathStat } from '../../../server/live/engine.ts';
import { type Ask, type HttpAnswer, type HttpRequest, type Run, Unable } from '../../../server/live/probes/probe.ts';
import { folder } from '../helpers.ts';

export interface Said {
  readonly out?: string;
  readonly err?: string;
  readonly code?: number;
}

/** The first pattern that fits what a client is asked wins; an asked-for thing that none fits is an error. */
export interface Client {
  /** What is one question: each line of its input, each `-c`, or all its arguments together. */
  readonly by: 'line' | '-c' | 'all';
  readonly says: readonly (readonly [asked: RegExp, said: string | Said])[];
}

export interface Scripted {
  readonly clients?: Readonly<Record<string, Client>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly workingDirectory?: string;
  readonly id?: string;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly stats?: Readonly<Record<string, Partial<PathStat>>>;
  /** The working directory of its process, which has the name that is asked for. */
  readonly cwd?: string;
  /** KiB */
  readonly free?: number;
  readonly http?: (request: HttpRequest) => Partial<HttpAnswer> | undefined;
}

export interface Noted {
  readonly program: string;
  readonly argv: readonly string[];
  readonly asked: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface Asked {
  readonly ask: Ask;
  /** What was given to be run. */
  readonly argvs: string[][];
  /** What the clients were called with. */
  readonly noted: () => Noted[];
}

function stub(name: string, { by, says }: Client, log: string): string {
  const rules = says.map(([asked, said]) => [
    asked.source,
    asked.flags,
    typeof said === 'string' ? { out: said } : said,
  ]);
  return `#!${process.execPath}
const fs = require('node:fs');
const argv = process.argv.slice(2);
const by = ${JSON.stringify(by)};
const asked = by === 'line' ? fs.readFileSync(0, 'utf8').split('\\n').filter((line) => line !== '')
  : by === '-c' ? argv.flatMap((word, i) => (i > 0 && /^-[A-Za-z]*[ce]$/.test(argv[i - 1]) ? [word] : []))
  : [argv.join(' ')];
fs.appendFileSync(${JSON.stringify(log)}, JSON.stringify({ program: ${JSON.stringify(name)}, argv, asked, env: process.env }) + '\\n');
let code = 0;
for (const one of asked) {
  const echo = by === 'line' && /^ECHO (.*)/.exec(one);
  const rule = ${JSON.stringify(rules)}.find(([source, flags]) => new RegExp(source, flags).test(one));
  const said = echo && !(rule && rule[0] === '.*') ? { out: echo[1] } : rule ? rule[2] : { err: 'nobody told ' + one, code: 1 };
  if (said.out !== undefined) fs.writeSync(1, said.out.endsWith('\\n') ? said.out : said.out + '\\n');
  if (said.err !== undefined) fs.writeSync(2, said.err + '\\n');
  code = said.code ?? 0;
}
process.exitCode = code;
`;
}

/** What every image with a shell has. */
const TOOLS = ['sh', 'timeout', 'sed', 'tr', 'tail', 'head', 'cat', 'grep', 'ls', 'sleep'];

export function scripted(told: Scripted): Asked {
  const home = folder({ 'bin/.keep': '' });
  for (const tool of TOOLS) {
    const at = ['/bin', '/usr/bin'].map((directory) => path.join(directory, tool)).find((file) => fs.existsSync(file));
    if (at !== undefined) fs.symlinkSync(at, path.join(home, 'bin', tool));
  }
  const log = path.join(home, 'log');
  for (const [name, client] of Object.entries(told.clients ?? {}))
    fs.writeFileSync(path.join(home, 'bin', name), stub(name, client, log), { mode: 0o755 });
  const argvs: string[][] = [];
  const env = { ...told.env, PATH: path.join(home, 'bin'), HOME: told.env?.HOME ?? home };
  const attempt: Ask['attempt'] = async (argv) => {
    argvs.push([...argv]);
    const script = argv[0] === 'sh' ? (argv[2] ?? '') : '';
    // What belongs to the container, and not to this machine.
    if (script.includes('for d in /proc/')) return said(told.cwd === undefined ? '' : '17 999 999\n');
    if (argv[0] === 'readlink') return told.cwd === undefined ? said('', 1) : said(`${told.cwd}\n`);
    if (argv[0] === 'df') {
      const free = told.free ?? 1e9;
      return said(`Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/x 99 9 ${free} 9% /\n`);
    }
    return spawned(argv, env);
  };
  const bytesOf = (at: string): Uint8Array | null => {
    const content = told.files?.[at];
    return content === undefined ? null : Buffer.from(content as string);
  };
  const ask: Ask = {
    container: containerOf(told, env),
    store: STORE,
    path: '/data',
    attempt,
    async run(argv, options) {
      const { exitCode, stdout, stderr } = await attempt(argv, options);
      if (exitCode === 0) return stdout.trim();
      throw new Unable(stderr.trim());
    },
    shell: (script, options) => ask.run(['sh', '-c', script], options),
    async http(request) {
      const answer = told.http?.(request);
      if (!answer) throw new Unable(`port ${request.port} was not reached`);
      const text = answer.text ?? JSON.stringify(answer.json);
      return { status: 200, text, json: answer.json, ...answer };
    },
    logs: async () => '',
    env: (name) => told.env?.[name],
    secret: async (name) => told.env?.[name],
    async stat(at) {
      const found = told.stats?.[at];
      return found ? { kind: 'file', size: 1, modified: '2026-01-02T03:04:05Z', ...found } : null;
    },
    async archive(at) {
      const files = Object.keys(told.files ?? {}).filter((name) => name === at || name.startsWith(`${at}/`));
      if (files.length === 0) return null;
      const entries = files.map((name): ArchiveEntry => {
        const bytes = bytesOf(name)!;
        return { path: name.slice(at.length + 1), kind: 'file', size: bytes.length, modified: 0, bytes };
      });
      return { entries, complete: true };
    },
    file: async (at) => bytesOf(at),
  };
  const noted = (): Noted[] =>
    fs.existsSync(log)
      ? fs
          .readFileSync(log, 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Noted)
      : [];
  return { ask, argvs, noted };
}

const said = (stdout: string, exitCode = 0): Run => ({ exitCode, stdout, stderr: '' });

const STORE: Ask['store'] = {
  technology: 'x',
  title: 'X',
  path: '/data',
  isFile: false,
  kind: 'essential',
  need: 'required',
  confidence: 'primary',
  evidence: [{ from: 'image', note: 'of the test', confidence: 'primary' }],
  role: 'server',
};

const containerOf = (told: Scripted, env: Readonly<Record<string, string>>): Container => ({
  id: told.id ?? 'c1',
  name: 'shop-db-1',
  image: 'x',
  imageId: 'sha256:1',
  state: 'running',
  running: true,
  startedAt: '2026-01-01T00:00:00Z',
  created: '2026-01-01T00:00:00Z',
  autoRemove: false,
  hostname: 'h',
  workingDirectory: told.workingDirectory ?? '/',
  command: told.command ?? [],
  labels: {},
  mounts: [],
  addresses: [],
  ports: [],
  environment: (name) => env[name],
  redact: (text) => text,
});

function spawned(argv: readonly string[], env: Readonly<Record<string, string>>): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(argv[0]!, argv.slice(1), { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => {
      stdout += data;
    });
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? new Unable(`there is no ${argv[0]} in the container`) : error),
    );
    child.on('close', (code) => resolve({ exitCode: code ?? -1, stdout, stderr }));
  });
}
