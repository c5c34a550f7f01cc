/**
 * Images that cannot be had here, under the very names that Compose asks for: the nearest real server of
 * `setup/recipes` that writes where the original would. Where the original's program is not there, a process that leaves
 * a file in the same place: what the mounts make of it can be shown with that, what the server says of itself cannot.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { EngineUnderTest } from './engines.ts';

export interface StandIn {
  readonly recipe: string;
  /** An image of the recipe. */
  readonly image: string;
  /** What differs from that image, as the engine's API names it. */
  readonly config?: {
    readonly Entrypoint?: readonly string[];
    readonly Cmd?: readonly string[];
    readonly Env?: readonly string[];
    readonly WorkingDir?: string;
    /** VOLUME of the original. */
    readonly Volumes?: Readonly<Record<string, object>>;
  };
  /** A folder beside the Compose file that the build bakes in: this one, into that folder of the image. */
  readonly baked?: { readonly folder: string; readonly into: string };
}

/** Leaves a file where the server would, and waits. */
const leaves = (path: string, volumes: readonly string[] = []): StandIn => ({
  recipe: 'busybox',
  image: 'busybox:1',
  config: {
    Cmd: ['sh', '-c', `mkdir -p ${path.slice(0, path.lastIndexOf('/'))} && echo data > ${path} && exec idle`],
    Volumes: Object.fromEntries(volumes.map((volume) => [volume, {}])),
  },
});

const redis: StandIn = { recipe: 'redis', image: 'redis:7' };
const postgres: StandIn = { recipe: 'postgres', image: 'postgres:15' };
const chroma: StandIn = { recipe: 'chroma', image: 'chromadb/chroma:1.3.4' };
const app: StandIn = { recipe: 'app', image: 'persistence/app:1' };

const chromaAt = (path: string): StandIn => ({ ...chroma, config: { Cmd: ['run', '--path', path] } });

/** By the name that the Compose file asks for. */
export const PULLED: Readonly<Record<string, StandIn>> = {
  // The same server without Alpine. Its writing of snapshots and of the append-only file is that of 7.2.
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

export class StandIns {
  private readonly engine: EngineUnderTest;
  /** By name; the ids are what is removed, so that a name that somebody else has taken meanwhile stays theirs. */
  private readonly made = new Map<string, string>();

  constructor(engine: EngineUnderTest) {
    this.engine = engine;
  }

  /** Once for each name. `folder` is that of the Compose file. @throws when somebody else's image has the name */
  async make(name: string, { recipe, image, config = {}, baked }: StandIn, folder: string): Promise<void> {
    if (this.made.has(name)) return;
    await this.engine.images(recipe);
    const { docker } = this.engine;
    const there = await docker
      .getImage(name)
      .inspect()
      .catch(() => null);
    if (there && !there.Config.Labels?.[LABEL]) throw new Error(`there is an image ${name} already`);
    const container = await docker.createContainer({
      ...(config as object),
      Image: image,
      Labels: { [LABEL]: String(process.pid) },
    });
    try {
      if (baked) await container.putArchive(await archived(folder, baked.folder), { path: baked.into });
      const [repo, tag] = name.split(/:(?=[^:/]+$)/);
      const { Id } = (await container.commit({ repo, tag: tag ?? 'latest' })) as { Id: string };
      this.made.set(name, Id);
    } finally {
      await container.remove({ v: true });
    }
  }

  async remove(): Promise<void> {
    for (const id of this.made.values()) await this.engine.docker.getImage(id).remove();
    this.made.clear();
  }
}

async function archived(folder: string, name: string): Promise<Buffer> {
  const { stdout } = await promisify(execFile)('tar', ['-C', folder, '-c', name], { encoding: 'buffer' });
  return stdout;
}
