/** A project in a folder of its own, started by Compose and verified as the product does it. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { diskFiles } from '../../server/files.ts';
import { createLinter } from '../../server/lint/lint.ts';
import { DEFAULT_SETTINGS } from '../../server/lint/settings.ts';
import { type ApiCall, connect } from '../../server/live/connect.ts';
import { thisMachine } from '../../server/live/machine.ts';
import type { Level, Report } from '../../server/live/model.ts';
import { ACCESS } from '../../server/live/run.ts';
import { verify } from '../../server/live/verify.ts';
import type { AnalysedProject } from '../../server/stores/model.ts';
import type { EngineUnderTest } from './engines.ts';
import { HOME } from './machine.ts';
import { until } from './shell.ts';

/** ms; a server that initialises its data on a busy machine. */
const PATIENCE = 120_000;

export class LiveStack {
  readonly folder: string;
  readonly name: string;
  private readonly engine: EngineUnderTest;
  private readonly names = new Set<string>();
  private readonly onCall: (call: ApiCall) => void;

  constructor(
    engine: EngineUnderTest,
    name: string,
    /** The Compose file's text, or a folder to take as it is. */
    compose: string | { readonly copyOf: string },
    onCall: (call: ApiCall) => void = () => undefined,
  ) {
    this.engine = engine;
    this.name = `${name}-${process.pid}`;
    this.onCall = onCall;
    this.folder = path.join(HOME, 'projects', engine.name, this.name);
    fs.mkdirSync(this.folder, { recursive: true });
    if (typeof compose === 'string') this.write(compose);
    else fs.cpSync(compose.copyOf, this.folder, { recursive: true });
  }

  write = (compose: string): void => this.file('compose.yaml', compose);

  file(name: string, text: string): void {
    fs.writeFileSync(path.join(this.folder, name), text);
  }

  compose(args: readonly string[], name = this.name): Promise<string> {
    this.names.add(name);
    return this.engine.compose(['--progress', 'quiet', '-p', name, ...args], this.folder);
  }

  up = (name?: string): Promise<string> => this.compose(['up', '-d', '--pull', 'never', '-t', '1'], name);

  exec = (service: string, ...argv: string[]): Promise<string> => this.compose(['exec', '-T', service, ...argv]);

  /** Waits until the command ends well. */
  ready = (service: string, ...argv: string[]): Promise<void> =>
    until(
      `${service} answers`,
      () =>
        this.exec(service, ...argv).then(
          () => true,
          () => false,
        ),
      PATIENCE,
    );

  async project(name = this.name): Promise<AnalysedProject> {
    const selection = { files: [path.join(this.folder, 'compose.yaml')], projectName: name, root: this.folder };
    return (await createLinter(diskFiles()).lint(selection, DEFAULT_SETTINGS)).analysed;
  }

  async verify(level: Level = 'inspect', name = this.name): Promise<Report> {
    const project = await this.project(name);
    // What is remembered lies in the folder of the stack.
    const machine = thisMachine({ HOME: this.folder });
    const live = await connect({
      host: `unix://${this.engine.socket}`,
      machine,
      access: ACCESS[level],
      onCall: this.onCall,
    });
    try {
      return await verify(live, { level, project, runtime: 'compose', machine });
    } finally {
      live.close();
    }
  }

  async remove(): Promise<void> {
    for (const name of this.names) await this.compose(['down', '--volumes', '--remove-orphans', '-t', '1'], name);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
