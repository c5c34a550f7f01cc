/** Random projects in which data is kept in all the ways there are. The same seed makes the same projects. */
import { type Random, randomFrom } from '../differential/random.ts';
import { Entries, raw, type Value, writeYaml } from '../differential/write-yaml.ts';
import type { ComposeStep } from './compose-driver.ts';
import type { OracleProject } from './project.ts';

export interface RandomProject {
  readonly project: OracleProject;
  readonly steps: readonly ComposeStep[];
}

export function randomProject(seed: number, restart: string, folder: string): RandomProject {
  const random = randomFrom(seed);
  const project = new Draft(random, restart, folder).project(`seed ${seed}`);
  const recreate = random.pick(['force', 'mark', 'rebuild'] as const);
  return { project, steps: ['restart', 'kill', recreate, 'down', 'downVolumes'] };
}

/** Where something may be mounted. */
const TARGETS = [
  '/data',
  '/data/sub',
  '/srv/a',
  '/srv/a/b',
  '/srv/a/b/c',
  '/srv/files/with space',
  '/var/lib/x',
  '/var/lib/x/data',
  '/opt/y.z',
  '/dev/shm',
  '/home',
] as const;

/** Where stores may be besides. */
const PLACES = [
  ...TARGETS,
  '/srv',
  '/srv/a/b/c/d',
  '/data/deep/er',
  '/var/lib/x/data/base',
  '/dev/shm/sub',
  '/root',
  '/mnt',
];

const NAMES = ['db', 'web_app', 'worker.1', 'cache-2', 'queue', 'api'] as const;

type Tree = Record<string, Value | Entries>;

/** What one file says of one service. */
interface Part {
  volumes: Value[];
  tmpfs: string[];
}

interface Planned {
  readonly name: string;
  readonly body: Tree;
  /** By target, over all files. */
  /** Volumes of the image. */
  declared: readonly string[];
  readonly mounts: Map<string, { readonly closed: boolean; readonly alone: boolean }>;
  readonly own: Part;
  from?: Planned;
}

class Draft {
  readonly #files: Record<string, string> = {};
  readonly #volumes: Tree = {};
  readonly #external: string[] = [];
  readonly #env: string[] = [];
  /** Named volumes that several may mount. */
  readonly #shared: string[] = [];

  constructor(
    private readonly random: Random,
    private readonly restart: string,
    private readonly folder: string,
  ) {}

  project(title: string): OracleProject {
    const { random } = this;
    const names = [...NAMES].sort(() => random.next() - 0.5).slice(0, 1 + random.below(4));
    const planned: Planned[] = [];
    for (const name of names) planned.push(this.#service(name, planned));

    const override: Tree = {};
    const base: Tree = {};
    const services: [string, Value | Entries][] = [];
    for (const service of planned) {
      const later = random.chance(0.3) ? this.#moved(service) : undefined;
      if (later) override[service.name] = partOf(later);
      const lower = random.chance(0.25) ? this.#moved(service) : undefined;
      if (lower) base[`base-${service.name}`] = partOf(lower);
      const entries: [string, Value | Entries][] = [['<<', raw('*common')]];
      for (const [key, value] of Object.entries(service.body)) entries.push([key, value]);
      if (lower) entries.push(['extends', { file: 'bases/base.yaml', service: `base-${service.name}` }]);
      for (const [key, value] of Object.entries(partOf(service.own))) entries.push([key, value]);
      services.push([service.name, new Entries(entries)]);
    }
    const common = { network_mode: 'none', restart: this.restart, environment: { MARK: '${MARK}' } };
    const main = new Entries([
      ['x-common', new Entries(Object.entries(common), ' &common')],
      ['services', new Entries(services)],
      ...(Object.keys(this.#volumes).length > 0
        ? [['volumes', new Entries(Object.entries(this.#volumes))] as const]
        : []),
    ]);
    const compose = ['compose.yaml'];
    this.#files['compose.yaml'] = writeYaml(random, main);
    if (Object.keys(override).length > 0) {
      compose.push('compose.override.yaml');
      this.#files['compose.override.yaml'] = writeYaml(random, { services: override } as Value);
    }
    if (Object.keys(base).length > 0) this.#files['bases/base.yaml'] = writeYaml(random, { services: base } as Value);
    if (this.#env.length > 0) this.#files['.env'] = `${this.#env.join('\n')}\n`;
    const paths = (most: number) => random.some(PLACES, most);
    return {
      title,
      compose,
      external: this.#external,
      files: this.#files,
      images: { busybox: { paths: paths(9) }, redis: { paths: ['/data', ...paths(3).filter((at) => at !== '/data')] } },
    };
  }

  #service(name: string, before: readonly Planned[]): Planned {
    const { random } = this;
    const body: Tree = {};
    const service: Planned = { name, body, declared: [], mounts: new Map(), own: { volumes: [], tmpfs: [] } };
    const image = random.pick(['busybox:1', 'redis:7'] as const);
    // Without a directory that it may write to, it would not end when it is told to.
    if (image === 'redis:7') body.command = ['redis-server', '--save', ''];
    if (random.chance(0.5)) body.image = image;
    else {
      body.build = { context: `./images/${name}`, args: { REV: '${REV}' } };
      const declared = random.chance(0.7)
        ? random.some(
            TARGETS.filter((at) => at !== '/dev/shm'),
            2,
          )
        : [];
      service.declared = declared;
      const seeded = random.chance(0.6)
        ? random.some(
            TARGETS.filter((at) => at !== '/dev/shm'),
            2,
          )
        : [];
      for (const revision of [1, 2]) this.#files[`images/${name}/files-${revision}/rev`] = `${revision}\n`;
      this.#files[`images/${name}/Dockerfile`] = [
        `FROM ${image}`,
        'ARG REV=1',
        'COPY files-${REV} /etc/revision/',
        ...seeded.map((at) => `COPY ["files-\${REV}", "${at}/"]`),
        ...declared.map((at) => (at.includes(' ') || random.chance(0.5) ? `VOLUME ["${at}"]` : `VOLUME ${at}`)),
        '',
      ].join('\n');
    }
    for (const target of random.some(TARGETS, 6)) this.#mount(service, target);
    const source = before.find(() => random.chance(0.15));
    if (source && ![...source.mounts.values()].some((mount) => mount.alone)) {
      body.volumes_from = [random.chance(0.3) ? `${source.name}:ro` : source.name];
      service.from = source;
    }
    if (random.chance(0.2)) body.container_name = `NAME-${name.toLowerCase()}`;
    return service;
  }

  #mount(service: Planned, target: string): void {
    const { random } = this;
    // Nothing can be mounted below what may not be written to.
    const nested = [...service.mounts].some(
      ([other, { closed }]) => other.startsWith(`${target}/`) || (closed && target.startsWith(`${other}/`)),
    );
    const alone = [...service.mounts.keys()].every(
      (other) => !other.startsWith(`${target}/`) && !target.startsWith(`${other}/`),
    );
    if (nested) return;
    const free = !service.declared.some((at) => at.startsWith(`${target}/`)) && target !== '/data';
    const readOnly = alone && free && random.chance(0.15);
    const written = this.#written(target);
    // The engine refuses to share a tmpfs, and one that two containers share outlives the restart of one of them.
    let notShared = false;
    const add = (value: Value) => service.own.volumes.push(value);
    const volume = (key: string): void => {
      const options = [
        ...(readOnly ? ['ro'] : random.chance(0.2) ? ['rw'] : []),
        ...(random.chance(0.15) ? ['nocopy'] : []),
      ];
      if (random.chance(0.5)) add(`${key}:${written}${options.length > 0 ? `:${options.join(',')}` : ''}`);
      else add({ type: 'volume', source: key, target: written, ...(readOnly ? { read_only: true } : {}) });
    };
    const ways = {
      anonymous: () => add(random.chance(0.6) ? written : { type: 'volume', target: written }),
      named: () => volume(this.#named()),
      external: () => volume(this.#outside()),
      bind: () => {
        const host = this.#host();
        if (random.chance(0.6)) add(`${host}:${written}${readOnly ? ':ro' : random.chance(0.2) ? ':z' : ''}`);
        else
          add({
            type: 'bind',
            source: host,
            target: written,
            bind: { create_host_path: true },
            ...(readOnly ? { read_only: true } : {}),
          });
      },
      bound: () => volume(this.#bound()),
      memory: () => {
        notShared = true;
        volume(this.#add({ driver_opts: { type: 'tmpfs', device: 'tmpfs' } }));
      },
      tmpfs: () => {
        notShared = true;
        if (random.chance(0.5)) service.own.tmpfs.push(random.chance(0.3) ? `${target}:size=4m` : target);
        else add({ type: 'tmpfs', target: written, ...(random.chance(0.4) ? { tmpfs: { size: 4194304 } } : {}) });
      },
    };
    const kind = random.pick(Object.keys(ways) as (keyof typeof ways)[]);
    if (kind === 'tmpfs' && target.includes(' ')) return;
    ways[kind]();
    service.mounts.set(target, { closed: readOnly, alone: notShared });
  }

  /** Takes a part of what the service says to another file. */
  #moved(service: Planned): Part | undefined {
    const { volumes } = service.own;
    if (volumes.length < 2) return undefined;
    const cut = 1 + this.random.below(volumes.length - 1);
    return { volumes: volumes.splice(cut), tmpfs: [] };
  }

  /** As it stands, with a slash behind it, or out of a variable. */
  #written(target: string): string {
    const { random } = this;
    if (random.chance(0.15)) return `\${${this.#variable(target)}}`;
    if (random.chance(0.1)) return `\${UNSET_TARGET:-${target}}`;
    return random.chance(0.1) ? `${target}/` : target;
  }

  #variable(value: string): string {
    const name = `VALUE_${this.#env.length}`;
    this.#env.push(`${name}=${value}`);
    return name;
  }

  #add(body: Value): string {
    const key = `volume${Object.keys(this.#volumes).length}`;
    this.#volumes[key] = body;
    return key;
  }

  #named(): string {
    const { random } = this;
    if (this.#shared.length > 0 && random.chance(0.3)) return random.pick(this.#shared);
    const key = this.#add(random.chance(0.25) ? { name: `NAME-fixed-${Object.keys(this.#volumes).length}` } : null);
    this.#shared.push(key);
    return key;
  }

  #outside(): string {
    const name = `NAME-outside-${this.#external.length}`;
    this.#external.push(name);
    return this.#add({ external: true, name });
  }

  #bound(): string {
    const directory = `host/bound${Object.keys(this.#volumes).length}`;
    this.#files[`${directory}/`] = '';
    return this.#add({ driver_opts: { type: 'none', o: 'bind', device: `${this.folder}/${directory}` } });
  }

  #host(): string {
    const { random } = this;
    const directory = `./host/${random.pick(['one', 'two', 'three'])}${random.below(9)}`;
    if (random.chance(0.3)) return `\${${this.#variable(directory)}}`;
    return random.chance(0.2) ? `${this.folder}/${directory.slice(2)}` : directory;
  }
}

function partOf({ volumes, tmpfs }: Part): Record<string, Value> {
  return {
    ...(volumes.length > 0 ? { volumes } : {}),
    ...(tmpfs.length > 0 ? { tmpfs: tmpfs.length === 1 ? tmpfs[0]! : tmpfs } : {}),
  };
}
