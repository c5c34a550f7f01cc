/**
 * Images that cannot be had here, under the very names that Compose asks for: the nearest real server of
 * `setup/recipes` that writes where the original would. Where the original's program is not there, a process that leaves
 * a file in the same place: what the mounts make of it can be shown with that, what the server says of itself cannot.
 */
import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { promisify } from 'node:util';
import type { EngineUnderTest } from './engines.ts';

export interface StandIn {
  readonly recipe: string;
  /** An image of the recipe. */
  readonly image: string;
  /** What differs from that image, as the engine's API names it. */
  readonly config?: {
    readonly Cmd?: string[];
    readonly WorkingDir?: string;
    /** VOLUME of the original. */
    readonly Volumes?: Record<string, object>;
  };
  /** A folder beside the Compose file that the build bakes in: this one, into that folder of the image. */
  readonly baked?: { readonly folder: string; readonly into: string };
}

/** Leaves a file where the server would, and waits. */
const leaves = (file: string, volumes: readonly string[] = []): StandIn => ({
  recipe: 'busybox',
  image: 'busybox:1',
  config: {
    Cmd: ['sh', '-c', `mkdir -p ${path.posix.dirname(file)} && echo data > ${file} && exec idle`],
    Volumes: Object.fromEntries(volumes.map((volume) => [volume, {}])),
  },
});

const redis: StandIn = { recipe: 'redis', image: 'redis:7' };
const postgres: StandIn = { recipe: 'postgres', image: 'postgres:15' };
const chroma: StandIn = { recipe: 'chroma', image: 'chromadb/chroma:1.3.4' };
const app: StandIn = { recipe: 'app', image: 'persistence/app:1' };

const chromaAt = (folder: string): StandIn => ({ ...chroma, config: { Cmd: ['run', '--path', folder] } });

/** By the name that the Compose file asks for. */
export const PULLED: Readonly<Record<string, StandIn>> = {
  // An earlier 7.x, without Alpine: snapshots by the same rule, and the append-only file in the same folder.
  'redis:7.2-alpine': redis,
  // Another major release, with the same folder and VOLUME. What differs in the files themselves is not shown.
  'postgres:16': postgres,
  // A later 1.x: the same configuration in the image, which writes to /data.
  'chromadb/chroma:1.0.15': chroma,
  // 0.5 was written in Python and wrote to /chroma/chroma; this is the later server, told to write there. What 0.5 answers
  // to the questions of level `read` is not shown.
  'chromadb/chroma:0.5.23': chromaAt('/chroma/chroma'),
  // It cannot be asked anything: it is shown that its data is in its volume, and not that Neo4j says so.
  'neo4j:5.26': leaves('/data/databases/neo4j/neostore', ['/data', '/logs']),
  // Its models need not be real to be in the volume.
  'ollama/ollama:0.5.7': leaves('/root/.ollama/models/blobs/sha256-0'),
  // Keeps its data in DATA_DIR/webui.db as Open WebUI does, and in SQLite too. There are no uploads and no vector index.
  'ghcr.io/open-webui/open-webui:0.6.5': {
    ...app,
    config: {
      WorkingDir: '/app/backend',
      Cmd: [
        'sh',
        '-c',
        'DATABASE_URL="${DATA_DIR:-/app/backend/data}/webui.db" exec node --no-warnings /app/server.mjs',
      ],
    },
  },
};

/** A program in Python that opens Chroma in a folder of its own: the real Chroma, which writes the same files there. */
export const embeddedChroma = chromaAt;

/** Without data of its own. */
export const idle: StandIn = { recipe: 'busybox', image: 'busybox:1' };

/** A program with SQLite, that takes three slashes for an absolute path as sqlx does: hence it runs at the root. */
export const sqliteProgram = (baked?: StandIn['baked']): StandIn => ({
  ...app,
  config: { WorkingDir: '/', Cmd: ['node', '--no-warnings', '/app/server.mjs'] },
  ...(baked ? { baked } : {}),
});

const LABEL = 'persistence.stand-in';

/** What was made on the engine for a test, under names that are not its own to choose. */
export class StandIns {
  private readonly engine: EngineUnderTest;
  /** Ids by name. By their ids they are removed: a name that somebody else has taken meanwhile stays theirs. */
  private readonly images = new Map<string, Promise<string>>();
  private readonly recipes = new Map<string, Promise<void>>();
  private readonly volumes: string[] = [];

  constructor(engine: EngineUnderTest) {
    this.engine = engine;
  }

  /** Once for each name. `folder` is that of the Compose file. @throws when somebody else's image has the name */
  async image(name: string, standIn: StandIn, folder: string): Promise<void> {
    const made = this.images.get(name) ?? this.make(name, standIn, folder);
    this.images.set(name, made);
    await made;
  }

  private async make(name: string, { recipe, image, config = {}, baked }: StandIn, folder: string): Promise<string> {
    const { docker } = this.engine;
    const there = await docker
      .getImage(name)
      .inspect()
      .catch(() => null);
    if (there && !there.Config.Labels?.[LABEL]) throw new Error(`there is an image ${name} already`);
    const made = this.recipes.get(recipe) ?? this.engine.images(recipe);
    this.recipes.set(recipe, made);
    await made;
    const Labels = { [LABEL]: String(process.pid) };
    const container = await docker.createContainer({ ...config, Image: image, Labels });
    try {
      if (baked) await container.putArchive(await archived(folder, baked.folder), { path: baked.into });
      const [repo, tag = 'latest'] = name.split(':');
      const { Id } = (await container.commit({ repo, tag })) as { Id: string };
      return Id;
    } finally {
      await container.remove({ v: true });
    }
  }

  /** @throws when somebody else's volume has the name */
  async volume(name: string): Promise<void> {
    const volume = this.engine.docker.getVolume(name);
    const mine = String(process.pid);
    await this.engine.docker.createVolume({ Name: name, Labels: { [LABEL]: mine } });
    if ((await volume.inspect()).Labels?.[LABEL] !== mine) throw new Error(`there is a volume ${name} already`);
    this.volumes.push(name);
  }

  async removeVolumes(): Promise<void> {
    for (const name of this.volumes.splice(0)) await this.engine.docker.getVolume(name).remove();
  }

  async removeImages(): Promise<void> {
    for (const made of await Promise.allSettled(this.images.values()))
      if (made.status === 'fulfilled') await this.engine.docker.getImage(made.value).remove();
    this.images.clear();
  }
}

async function archived(folder: string, name: string): Promise<Buffer> {
  const { stdout } = await promisify(execFile)('tar', ['-C', folder, '-c', name], { encoding: 'buffer' });
  return stdout;
}
