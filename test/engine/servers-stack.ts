/** A Compose project of servers, and the way in which probes ask them. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { askOf } from '../../server/live/ask.ts';
import { connect } from '../../server/live/connect.ts';
import type { Engine } from '../../server/live/engine.ts';
import { thisMachine } from '../../server/live/machine.ts';
import { type Ask, type Probe, type Told, Unable } from '../../server/live/probes/probe.ts';
import type { Store } from '../../server/survival/words.ts';
import type { EngineUnderTest } from './engines.ts';
import { HOME } from './machine.ts';
import { until } from './shell.ts';

/** Everything that was run in a container by a probe. */
export const commands: string[][] = [];

export async function openEngine(engine: EngineUnderTest): Promise<Engine> {
  const machine = thisMachine({ HOME });
  const opened = await connect({ host: `unix://${engine.socket}`, machine, access: 'read' });
  return {
    ...opened,
    exec: (id, argv, options) => {
      commands.push([...argv]);
      return opened.exec(id, argv, options);
    },
  };
}

const storeOf = (technology: string, at: string): Store => ({
  technology,
  title: technology,
  path: at,
  isFile: false,
  kind: 'essential',
  need: 'required',
  confidence: 'primary',
  evidence: [{ from: 'image', note: 'the test says so', confidence: 'primary' }],
  role: 'server',
});

export class ServerStack {
  readonly folder: string;
  private readonly engine: EngineUnderTest;
  private readonly live: Engine;
  private readonly name: string;

  constructor(engine: EngineUnderTest, live: Engine, title: string, compose: string) {
    this.engine = engine;
    this.live = live;
    this.name = `servers-${process.pid}-${title}`;
    this.folder = path.join(HOME, 'projects', engine.name, this.name);
    fs.mkdirSync(this.folder, { recursive: true });
    fs.writeFileSync(path.join(this.folder, 'compose.yaml'), compose);
  }

  write(file: string, text: string): void {
    fs.writeFileSync(path.join(this.folder, file), text);
  }

  compose = (...args: string[]): Promise<string> =>
    this.engine.compose(['--progress', 'quiet', '-p', this.name, ...args], this.folder);

  up = (...services: string[]): Promise<string> => this.compose('up', '-d', '--pull', 'never', '-t', '5', ...services);

  /** @throws with what it printed when it fails */
  run = (service: string, argv: readonly string[]): Promise<string> => this.compose('exec', '-T', service, ...argv);

  async ready(service: string, argv: readonly string[]): Promise<void> {
    await until(
      `${service} answers`,
      () =>
        this.run(service, argv).then(
          () => true,
          () => false,
        ),
      300_000,
    );
  }

  /** Compose starts nothing that still seems to run. */
  ended = (): Promise<void> =>
    until('what was killed ends', async () => (await this.compose('ps', '--quiet', '--status', 'running')) === '');

  async ask(service: string, technology: string, at = '/data'): Promise<Ask> {
    const id = (await this.compose('ps', '--all', '--quiet', service)).trim();
    const container = await this.live.inspect(id);
    if (!container) throw new Error(`there is no container of ${service}`);
    return askOf({ engine: this.live, container, store: storeOf(technology, at), path: at });
  }

  async told(service: string, probe: Probe): Promise<Told> {
    return probe.read(await this.ask(service, probe.technologies[0]!));
  }

  /** What was added to and changed in the writable layer. */
  async layer(service: string): Promise<string[]> {
    const { container } = await this.ask(service, '');
    return (await this.live.changes(container.id)).map(({ kind, path: at }) => `${kind} ${at}`).sort();
  }

  async remove(): Promise<void> {
    await this.compose('down', '--volumes', '--remove-orphans', '-t', '1');
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Servers need a moment after a start, and say so. */
export async function patiently<T>(act: () => Promise<T>, timeoutMs = 180_000): Promise<T> {
  for (const end = Date.now() + timeoutMs; ; ) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof Unable) || Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
