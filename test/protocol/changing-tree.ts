/** A workspace that other programs change: random changes on disk and in the editor, and what a watcher tells of each. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { FileChangeType } from 'vscode-languageserver/node';
import { below, pick, type Random } from '../fuzz/edits.ts';
import type { TestClient } from './client.ts';

/** What is told of a change; nothing of what nobody watches. */
type Told = readonly (readonly [name: string, type: FileChangeType])[];

const { Created, Changed, Deleted } = FileChangeType;

const COMPOSE = `services:
  one:
    build: ./one
  two:
    build: { context: ./two }
  three:
    image: python:3.12
    working_dir: /app
    command: python e.py
    volumes: [./three:/app]
`;

export const FILES: Readonly<Record<string, string>> = {
  'compose.yaml': COMPOSE,
  'one/Dockerfile': 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n',
  'two/Dockerfile': 'FROM python:3.12\nWORKDIR /srv\nCOPY src .\nCMD ["python", "c.py"]\n',
  'one/main.py': 'import sqlite3\nsqlite3.connect("/data/main.db")\n',
  'one/sub/b.py': 'value = 1\n',
  'one/unwatched/u.py': 'value = 1\n',
  'two/src/c.py': 'import sqlite3\nsqlite3.connect("/data/c.db")\n',
  'two/src/deep/d.py': 'value = 2\n',
  'three/e.py': 'value = 3\n',
};

const SOURCES = ['one/main.py', 'one/a.py', 'one/sub/b.py', 'two/src/c.py', 'two/src/deep/d.py', 'three/e.py'];
const LINK = 'one/linked.py';
const FOLDERS = ['one/sub', 'two/src/deep', 'one/moved'];

export class ChangingTree {
  private readonly client: TestClient;
  private readonly random: Random;
  /** Beside the workspace: nobody watches it. */
  private readonly aside: string;
  private count = 0;

  constructor(client: TestClient, random: Random) {
    this.client = client;
    this.random = random;
    this.aside = `${client.root}-aside`;
    fs.mkdirSync(this.aside);
    for (const name of ['s1.py', 's2.py']) fs.writeFileSync(path.join(this.aside, name), this.source());
  }

  async begin(tell: boolean): Promise<void> {
    this.retarget();
    if (tell) await this.client.watched(LINK, Created);
  }

  remove(): void {
    fs.rmSync(this.aside, { recursive: true, force: true });
  }

  /** One change; its name, for who reads why a test failed. */
  async change(tell: boolean): Promise<string> {
    const one = pick(this.random, this.changes());
    const name = one.name.replace('bound ', '');
    for (const [file, type] of await one()) if (tell) await this.client.watched(file, type);
    return name;
  }

  private changes(): readonly (() => Told | Promise<Told>)[] {
    const changes = [
      this.write,
      this.write,
      this.delete,
      this.rename,
      this.replace,
      this.ignore,
      this.dockerfile,
      this.moveIn,
      this.moveOut,
      this.linkFolder,
      this.retarget,
      this.behindLink,
      this.unwatched,
      this.openUnsaved,
      this.closeUnsaved,
      this.save,
    ];
    return changes.map((change) => change.bind(this));
  }

  private source(): string {
    const n = ++this.count;
    return below(this.random, 4) === 0
      ? `value = ${'1'.repeat(n % 17)}${n}\n`
      : `import sqlite3\nsqlite3.connect("/data/${n}-${'x'.repeat(n % 13)}.db")\n`;
  }

  private exists(name: string): boolean {
    return fs.existsSync(this.client.path(name));
  }

  private write(): Told {
    const name = pick(this.random, SOURCES);
    const type = this.exists(name) ? Changed : Created;
    this.client.write(name, this.source());
    return [[name, type]];
  }

  private delete(): Told {
    const name = pick(this.random, SOURCES);
    if (!this.exists(name)) return [];
    this.client.remove(name);
    return [[name, Deleted]];
  }

  private rename(): Told {
    const [from, to] = [pick(this.random, SOURCES), pick(this.random, SOURCES)];
    if (from === to || !this.exists(from)) return [];
    fs.mkdirSync(path.dirname(this.client.path(to)), { recursive: true });
    fs.renameSync(this.client.path(from), this.client.path(to));
    return [
      [from, Deleted],
      [to, Created],
    ];
  }

  /** As many editors and tools write. */
  private replace(): Told {
    const name = pick(this.random, SOURCES);
    if (!this.exists(name)) return [];
    this.client.write(`${name}.tmp`, this.source());
    fs.renameSync(this.client.path(`${name}.tmp`), this.client.path(name));
    return [[name, Changed]];
  }

  private ignore(): Told {
    const name = 'one/.dockerignore';
    if (this.exists(name) && below(this.random, 2) === 0) {
      this.client.remove(name);
      return [[name, Deleted]];
    }
    const type = this.exists(name) ? Changed : Created;
    this.client.write(name, `${pick(this.random, ['*.py', '**/b.py', 'main.py', 'sub', 'none'])}\n# ${++this.count}\n`);
    return [[name, type]];
  }

  private dockerfile(): Told {
    const copy = pick(this.random, ['COPY . .', 'COPY sub sub', 'COPY main.py .']);
    this.client.write('one/Dockerfile', `FROM python:3.12\nWORKDIR /app\n${copy}\nCMD ["python", "main.py"]\n`);
    return [['one/Dockerfile', Changed]];
  }

  /** With all that lies in it, of which not every watcher tells. */
  private moveIn(): Told {
    const name = pick(this.random, FOLDERS);
    if (this.exists(name)) return [];
    const from = path.join(this.aside, `moved${++this.count}`);
    fs.mkdirSync(path.join(from, 'inner'), { recursive: true });
    fs.writeFileSync(path.join(from, 'inner/new.py'), this.source());
    fs.writeFileSync(path.join(from, pick(this.random, ['b.py', 'd.py'])), this.source());
    fs.mkdirSync(path.dirname(this.client.path(name)), { recursive: true });
    fs.renameSync(from, this.client.path(name));
    return [[name, Created]];
  }

  private moveOut(): Told {
    const name = pick(this.random, FOLDERS);
    if (!this.exists(name)) return [];
    fs.renameSync(this.client.path(name), path.join(this.aside, `out${++this.count}`));
    return [[name, Deleted]];
  }

  /** A link takes the place of the folder: told as one change. */
  private linkFolder(): Told {
    const name = pick(this.random, FOLDERS);
    if (!this.exists(name)) return [];
    const to = path.join(this.aside, `out${++this.count}`);
    fs.renameSync(this.client.path(name), to);
    fs.symlinkSync(to, this.client.path(name));
    return [[name, Changed]];
  }

  private retarget(): Told {
    fs.rmSync(this.client.path(LINK), { force: true });
    fs.symlinkSync(path.join(this.aside, pick(this.random, ['s1.py', 's2.py'])), this.client.path(LINK));
    return [];
  }

  private behindLink(): Told {
    fs.writeFileSync(path.join(this.aside, pick(this.random, ['s1.py', 's2.py'])), this.source());
    return [];
  }

  private unwatched(): Told {
    this.client.write(`one/unwatched/${pick(this.random, ['u.py', 'v.py'])}`, this.source());
    return [];
  }

  private async openUnsaved(): Promise<Told> {
    const name = pick(this.random, SOURCES);
    if (!this.exists(name)) return [];
    if (!this.client.isOpen(name)) await this.client.open(name, undefined, 'python');
    await this.client.change(name, this.source());
    return [];
  }

  private async closeUnsaved(): Promise<Told> {
    for (const name of SOURCES) if (this.client.isOpen(name)) await this.client.close(name);
    return [];
  }

  private async save(): Promise<Told> {
    const name = SOURCES.find((one) => this.client.isOpen(one));
    if (name === undefined) return [];
    const type = this.exists(name) ? Changed : Created;
    await this.client.save(name);
    return [[name, type]];
  }
}
