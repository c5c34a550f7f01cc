/** A started project: tokens are planted in its stores, and looked for after each event. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type Dockerode from 'dockerode';
import type { Event, Fate } from '../../server/survival/words.ts';
import type { Driver, Step } from './driver.ts';
import type { EngineUnderTest } from './engines.ts';
import { type OnDisk, type Predicted, type Prediction, predict } from './project.ts';
import { until } from './shell.ts';

export interface Observation {
  readonly store: Prediction;
  readonly event: Event;
  readonly how: string;
  readonly fate: Fate;
}

interface Seen {
  readonly id: string;
  readonly started: string;
  readonly container: Dockerode.Container;
  readonly mounts: Dockerode.ContainerInspectInfo['Mounts'];
}

export interface Planted {
  readonly token: string;
  /** By service, as they were then. */
  readonly containers: ReadonlyMap<string, Seen>;
}

export const REBOOT: Step = { event: 'reboot', how: 'engine stopped, started' };

export class Stack {
  readonly observations: Observation[] = [];
  /** Set when it could not be carried through: the rest is not known. */
  failure: Error | undefined;
  /** Volumes that containers of the project were seen with. */
  readonly #volumes = new Set<string>();
  #tokens = 0;

  private constructor(
    readonly engine: EngineUnderTest,
    readonly on: OnDisk,
    readonly driver: Driver,
    readonly predicted: Predicted,
  ) {}

  static async of(engine: EngineUnderTest, on: OnDisk, driverFor: (predicted: Predicted) => Driver): Promise<Stack> {
    const predicted = await predict(on);
    return new Stack(engine, on, driverFor(predicted), predicted);
  }

  async up(): Promise<void> {
    for (const volume of this.on.project.external) {
      const name = volume.replaceAll('NAME', this.on.name);
      await this.engine.docker.createVolume({ Name: name });
      this.#volumes.add(name);
    }
    await this.driver.up();
  }

  async observe(step: Step): Promise<void> {
    const planted = await this.plant();
    await this.driver.carryOut(step);
    await this.compare(step, planted);
  }

  /** Ends with a token in each store. */
  async plant(): Promise<Planted> {
    const token = `${this.on.name}-token-${++this.#tokens}`;
    const containers = await this.#containers();
    for (const [service, { container, mounts }] of containers) {
      for (const mount of mounts) if (mount.Name) this.#volumes.add(mount.Name);
      const stores = this.predicted.stores.filter((store) => store.service === service);
      const script = stores.map(
        ({ path: at, file }, i) =>
          `{ mkdir -p '${at}' && echo ${token} > '${file}'; } 2>/dev/null || echo refused ${i}`,
      );
      const refused = numbers('refused', await this.#exec(container, script));
      stores.forEach((store, i) => {
        if (!refused.has(i)) return;
        if (!store.backing.readOnly) throw new Error(`${service} cannot write to ${store.path}`);
        const at = fromOutside(store.file, mounts);
        fs.mkdirSync(path.dirname(at), { recursive: true });
        fs.writeFileSync(at, `${token}\n`);
      });
    }
    return { token, containers };
  }

  async compare(step: Step, { token, containers: before }: Planted): Promise<void> {
    const attached = new Set<string>();
    const missing: Prediction[] = [];
    for (const [service, now] of await this.#containers()) {
      for (const mount of now.mounts) if (mount.Name) attached.add(mount.Name);
      if (!this.#happened(step, service, before.get(service)!, now)) continue;
      const stores = this.predicted.stores.filter((store) => store.service === service);
      const script = stores.map(({ file }, i) => `[ "$(cat '${file}' 2>/dev/null)" = ${token} ] && echo kept ${i}`);
      const kept = numbers('kept', await this.#exec(now.container, script));
      stores.forEach((store, i) => {
        if (kept.has(i)) this.observations.push({ store, ...step, fate: 'kept' });
        else missing.push(store);
      });
    }
    if (missing.length === 0) return;
    const left = await this.#leftBehind(attached, token);
    for (const store of missing)
      this.observations.push({ store, ...step, fate: left.has(path.posix.basename(store.file)) ? 'orphaned' : 'lost' });
  }

  /** A service that is not built has no part in the rebuilding of images. @throws when the event passed the container by. */
  #happened({ event, how }: Step, service: string, before: Seen, now: Seen): boolean {
    const same = before.id === now.id;
    const stays = event === 'restart' || event === 'crash' || event === 'reboot';
    if (stays ? same && before.started !== now.started : !same) return true;
    const { build } = this.predicted.project.services.find(({ name }) => name === service)!;
    if (how.includes('rebuilt') && !build) return false;
    throw new Error(`${how}: the container of ${service} is ${same ? 'the one from before' : 'a new one'}`);
  }

  /** Names of the files with this token in volumes that are still there, but in no container of the project. */
  async #leftBehind(attached: ReadonlySet<string>, token: string): Promise<Set<string>> {
    const found = new Set<string>();
    for (const volume of (await this.engine.docker.listVolumes()).Volumes ?? []) {
      if (!this.#volumes.has(volume.Name) || attached.has(volume.Name)) continue;
      for (const entry of fs.readdirSync(volume.Mountpoint, { recursive: true, withFileTypes: true }))
        if (entry.isFile() && fs.readFileSync(path.join(entry.parentPath, entry.name), 'utf8').trim() === token)
          found.add(entry.name);
    }
    return found;
  }

  async remove(): Promise<void> {
    const { docker } = this.engine;
    await this.driver.remove().catch(() => {});
    for (const { Id } of await docker.listContainers({
      all: true,
      filters: { label: [`com.docker.compose.project=${this.on.name}`] },
    }))
      await docker
        .getContainer(Id)
        .remove({ force: true, v: true })
        .catch(() => {});
    for (const name of this.#volumes)
      await docker
        .getVolume(name)
        .remove({ force: true })
        .catch(() => {});
    fs.rmSync(this.on.folder, { recursive: true, force: true });
  }

  /** By service; all run. */
  async #containers(): Promise<Map<string, Seen>> {
    const { docker } = this.engine;
    const filters = { label: [`com.docker.compose.project=${this.on.name}`] };
    const services = new Set(this.predicted.stores.map((store) => store.service));
    const containers = new Map<string, Seen>();
    await until('the start of every container', async () => {
      containers.clear();
      for (const { Id, Labels } of await docker.listContainers({ filters })) {
        const container = docker.getContainer(Id);
        const { State, Mounts } = await container.inspect();
        // One that starts again and again counts as running, too.
        if (State.Running && !State.Restarting)
          containers.set(Labels['com.docker.compose.service']!, {
            id: Id,
            started: State.StartedAt,
            container,
            mounts: Mounts,
          });
      }
      return [...services].every((service) => containers.has(service));
    });
    return containers;
  }

  async #exec(container: Dockerode.Container, script: readonly string[]): Promise<string> {
    const exec = await container.exec({
      Cmd: ['sh', '-c', script.join('\n')],
      User: '0',
      Tty: true,
      AttachStdout: true,
      AttachStderr: true,
    });
    const stream = await exec.start({ Tty: true });
    let text = '';
    stream.on('data', (data) => {
      text += data;
    });
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('a command in a container does not end')), 30_000);
      const end = () => {
        clearTimeout(late);
        resolve();
      };
      stream.on('end', end).on('close', end).on('error', reject);
    });
    return text.replaceAll('\r', '');
  }
}

const numbers = (word: string, text: string): Set<number> =>
  new Set([...text.matchAll(new RegExp(`^${word} (\\d+)$`, 'gm'))].map((one) => Number(one[1])));

/** Takes away what runs that were killed have left. */
export async function sweep({ docker }: EngineUnderTest): Promise<void> {
  const isLeft = (name: string | undefined): boolean => {
    const pid = /^oracle-(\d+)-/.exec(name ?? '')?.[1];
    return pid !== undefined && !fs.existsSync(`/proc/${pid}`);
  };
  for (const { Id, Labels } of await docker.listContainers({ all: true }))
    if (isLeft(Labels['com.docker.compose.project'])) await docker.getContainer(Id).remove({ force: true, v: true });
  for (const { Name } of (await docker.listVolumes()).Volumes ?? [])
    if (isLeft(Name)) await docker.getVolume(Name).remove();
}

/** Where the engine keeps on this machine what a container sees as `file`. */
function fromOutside(file: string, mounts: readonly Dockerode.ContainerInspectInfo['Mounts'][number][]): string {
  const holders = mounts.filter(({ Destination }) => file.startsWith(`${Destination}/`));
  const holder = holders.sort((a, b) => b.Destination.length - a.Destination.length)[0];
  if (!holder) throw new Error(`no mount holds ${file}`);
  return path.join(holder.Source, file.slice(holder.Destination.length));
}
