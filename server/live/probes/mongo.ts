/**
 * MongoDB, by its documentation (mongosh, getCmdLineOpts, serverStatus, dbStats, listCollections). The id of the data is
 * that of the collection `local.startup_log`, which a server makes when it first starts on an empty directory.
 */
import {
  chosen,
  counted,
  firstLine,
  fullDisk,
  inShell,
  places,
  quoted,
  SILENT,
  TIMED,
  workingDirectory,
} from './client.ts';
import { type Ask, type Planting, PREFIX, type Probe, type Told, Unable, type Weakness } from './probe.ts';

/**
 * The login is taken from the environment by the script that the client runs: mongosh is Node.js, the old shell can
 * read /proc. A home that is no folder keeps mongosh from writing its log.
 */
const LOGIN = `var env = typeof process === 'undefined' ? {} : process.env;
if (typeof process === 'undefined') cat('/proc/self/environ').split('\\0').forEach(function (e) { var i = e.indexOf('='); env[e.slice(0, i)] = e.slice(i + 1); });
var admin = db.getSiblingDB('admin');
if (env.PROBE_PASSWORD) admin.auth(env.PROBE_USER, env.PROBE_PASSWORD);
function say(value) { print('@' + 'told ' + JSON.stringify(value)); }
function tried(f) { try { return f(); } catch (e) { return null; } }
`;

const script = (code: string): string => `${TIMED}
${chosen('mongosh', 'mongo')}
u=\${MONGO_INITDB_ROOT_USERNAME:-\${MONGODB_ROOT_USER:-root}}
w=\${MONGO_INITDB_ROOT_PASSWORD:-\${MONGODB_ROOT_PASSWORD:-}}
f=\${MONGO_INITDB_ROOT_PASSWORD_FILE:-\${MONGODB_ROOT_PASSWORD_FILE:-}}
[ -n "$w" ] || [ -z "$f" ] || w=$(cat "$f" 2>/dev/null)
f=\${MONGO_INITDB_ROOT_USERNAME_FILE:-}
[ -z "$f" ] || u=$(cat "$f" 2>/dev/null)
export PROBE_USER="$u" PROBE_PASSWORD="$w" HOME=/dev/null
$t "$c" --quiet --norc --eval ${quoted(LOGIN + code)} "mongodb://127.0.0.1:\${MONGODB_PORT_NUMBER:-27017}/admin?serverSelectionTimeoutMS=4000&directConnection=true"`;

const FACTS = `var hello = admin.runCommand({ isMaster: 1 });
var options = tried(function () { return admin.runCommand({ getCmdLineOpts: 1 }).parsed; });
var status = tried(function () { return admin.runCommand({ serverStatus: 1 }); });
var names = tried(function () { return admin.runCommand({ listDatabases: 1, nameOnly: true }).databases.map(function (d) { return d.name; }); });
var all = { databases: 0, collections: 0, objects: 0 };
if (names) names.forEach(function (name) {
  if (name === 'admin' || name === 'config' || name === 'local') return;
  var stats = db.getSiblingDB(name).runCommand({ dbStats: 1 });
  all.databases += 1; all.collections += Number(stats.collections); all.objects += Number(stats.objects);
});
var log = tried(function () { return db.getSiblingDB('local').runCommand({ listCollections: 1, filter: { name: 'startup_log' } }).cursor.firstBatch[0].info.uuid; });
say({
  router: hello.msg === 'isdbgrid', primary: hello.ismaster === true, set: hello.setName || null, arbiter: hello.arbiterOnly === true,
  path: options ? (options.storage && options.storage.dbPath) || '/data/db' : null,
  journal: options && options.storage && options.storage.journal ? options.storage.journal.enabled !== false : true,
  persistent: status && status.storageEngine ? status.storageEngine.persistent : null,
  version: status ? status.version : null, locked: tried(function () { return admin.runCommand({ currentOp: 1 }).fsyncLock === true; }),
  contents: names ? all : null, id: log ? (log.toString('hex').replace(/-/g, '').match(/[0-9a-f]{32}/) || [null])[0] : null,
});`;

export interface Facts {
  readonly router: boolean;
  readonly primary: boolean;
  readonly set: string | null;
  readonly arbiter: boolean;
  readonly path: string | null;
  readonly journal: boolean;
  readonly persistent: boolean | null;
  readonly version: string | null;
  readonly locked: boolean | null;
  readonly contents: { readonly databases: number; readonly collections: number; readonly objects: number } | null;
  readonly id: string | null;
}

/** Behind warnings of all kinds. @throws Unable */
export function saidIn(text: string): unknown {
  const line = text.split(/\r?\n/).find((one) => one.startsWith('@told '));
  try {
    if (line !== undefined) return JSON.parse(line.slice('@told '.length));
  } catch {
    // What was cut off is no answer.
  }
  throw new Unable(reasonIn(text) || 'the client said nothing');
}

export function reasonIn(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  const telling = lines.find((line) => /^(\S*Error\b|MongoServer|there is no|Error:)/i.test(line));
  return firstLine(
    (telling ?? lines.filter((line) => !/^Warning:|^Current Mongosh/i.test(line)).join('\n')).replace(/^Error:\s*/, ''),
  );
}

async function evaluate(ask: Ask, code: string): Promise<unknown> {
  const { exitCode, stdout, stderr } = await inShell(ask, script(code));
  if (exitCode === 124 || exitCode === 143) throw new Unable('the server did not answer in time');
  return saidIn(exitCode === 0 ? stdout : `${stderr}\n${stdout}`);
}

export function weaknessesOf({ persistent, journal }: Facts): Weakness[] {
  const found: Weakness[] = [];
  if (persistent === false)
    found.push({
      setting: 'storage.engine inMemory',
      message: 'Nothing is written to disk: each stop loses everything',
      weight: 'risk',
    });
  if (!journal)
    found.push({
      setting: 'storage.journal.enabled false',
      message: 'A crash or a kill loses what came after the last checkpoint, up to a minute',
      weight: 'note',
    });
  return found;
}

export function toldBy(facts: Facts, directory: string | null): Told {
  const { contents, id, version, set } = facts;
  const inside =
    contents && `${counted(contents.collections, 'collection')} in ${counted(contents.databases, 'database')}`;
  return {
    ...SILENT,
    writesTo: places([facts.path ?? directory]),
    fingerprint: id,
    empty: contents && contents.collections === 0,
    count: contents?.objects ?? null,
    contents: contents && `${inside}, ${counted(contents.objects, 'document')}`,
    weaknesses: weaknessesOf(facts),
    evidence: [
      ...(version === null ? [] : [`MongoDB ${version}`]),
      ...(set === null ? [] : ['It is a member of a replica set']),
    ],
  };
}

async function read(ask: Ask): Promise<Told> {
  const facts = (await evaluate(ask, FACTS)) as Facts;
  if (facts.router) throw new Unable('it is a router, which holds no data');
  return toldBy(facts, facts.path === null ? await workingDirectory(ask, ['mongod']) : null);
}

const CONCERN = '{ w: 1, j: true }';
const inOurs = (mark: string, command: string): string =>
  `var said = db.getSiblingDB('${PREFIX}${mark}').runCommand(${command}); say(said.ok === 1 ? said.n === undefined ? 1 : Number(said.n) : String(said.errmsg));`;

async function carryOut(ask: Ask, code: string): Promise<number> {
  const said = await evaluate(ask, code);
  if (typeof said !== 'number') throw new Unable(firstLine(String(said)));
  return said;
}

const planting: Planting = {
  async refusal(ask) {
    const facts = (await evaluate(ask, FACTS)) as Facts;
    if (facts.router) return 'it is a router, which holds no data';
    if (facts.arbiter || !facts.primary) return 'it is not the primary of its replica set';
    if (facts.locked) return 'it is locked for a backup';
    return fullDisk(ask, facts.path ?? undefined);
  },
  plant: async (ask, mark) => {
    await carryOut(ask, inOurs(mark, `{ insert: 'p', documents: [{ _id: '${mark}' }], writeConcern: ${CONCERN} }`));
  },
  find: async (ask, mark) => (await carryOut(ask, inOurs(mark, `{ count: 'p', query: { _id: '${mark}' } }`))) === 1,
  remove: async (ask, mark) => {
    await carryOut(ask, inOurs(mark, `{ dropDatabase: 1, writeConcern: ${CONCERN} }`));
  },
};

export const MONGO: Probe = { technologies: ['mongo', 'bitnami-mongodb'], proven: false, read, planting };
