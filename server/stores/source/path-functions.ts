/** What functions of libraries make of paths. */
import {
  absolute,
  CWD,
  concat,
  dirname,
  environment,
  expandUser,
  file,
  formatted,
  given,
  HOME,
  join,
  literal,
  TEMP,
  unknown,
  type Value,
} from './expressions.ts';
import type { PathExpression } from './model.ts';

/** The arguments of a call, evaluated when asked for. */
export interface Arguments {
  readonly count: number;
  /** By place, or by name; undefined when not given. */
  get(place: number, name?: string): Value | undefined;
  all(): readonly Value[];
  /** Some come as a group, so that it is not known how many there are. */
  readonly spread: boolean;
}

type PathFunction = (args: Arguments) => Value;

const one = (args: Arguments): PathExpression => given(args.get(0) ?? null);
const all = (args: Arguments): PathExpression[] =>
  args.spread ? [unknown('the parts of the path come as a group')] : args.all().map(given);

const fromEnvironment: PathFunction = (args) =>
  environment(args.get(0, 'key') ?? args.get(0, 'var_name') ?? null, args.get(1, 'default') ?? null);
const joinRestarting: PathFunction = (args) => join(all(args), true);
const joinPlain: PathFunction = (args) => join(all(args), false);
const toAbsolute: PathFunction = (args) => absolute(one(args));
const temporary: PathFunction = () => TEMP;
const path: PathFunction = (args) => (args.count === 0 ? literal('.') : join(all(args), true));

/** `new URL('./x', import.meta.url)` */
const url: PathFunction = (args) => {
  const base = args.get(1);
  return base ? join([dirname(base), one(args)], true) : one(args);
};

const engineUrl: PathFunction = (args) => {
  const driver = args.get(0, 'drivername');
  const database = args.get(-1, 'database') ?? null;
  if (driver?.kind !== 'literal') return unknown('the database is not known');
  return database ? concat([literal(`${driver.value}:///`), database]) : literal(`${driver.value}://`);
};

const table = (rows: readonly (readonly [string, PathFunction])[]): ReadonlyMap<string, PathFunction> =>
  new Map(rows.flatMap(([names, read]) => names.split(' ').map((name) => [name, read] as const)));

const PYTHON = table([
  ['os.getenv os.environ.get os.environ.setdefault os.environ.pop decouple.config', fromEnvironment],
  [
    'starlette.config.Config() environ.Env() environ.Env().str environ.Env().path environ.Env().db_url',
    fromEnvironment,
  ],
  ['environs.Env() environs.Env().str environs.Env().path environs.env environs.env.str', fromEnvironment],
  ['os.path.join posixpath.join', joinRestarting],
  ['os.path.dirname', (args) => dirname(one(args))],
  ['os.path.abspath os.path.realpath', toAbsolute],
  ['os.path.normpath os.path.normcase os.path.expandvars os.fspath str typing.Annotated', one],
  ['os.path.expanduser', (args) => expandUser(one(args))],
  ['os.getcwd pathlib.Path.cwd', () => CWD],
  ['pathlib.Path.home', () => HOME],
  ['pathlib.Path pathlib.PosixPath pathlib.PurePath pathlib.PurePosixPath anyio.Path', path],
  ['tempfile.gettempdir tempfile.mkdtemp tempfile.mktemp tempfile.mkstemp', temporary],
  ['tempfile.TemporaryDirectory tempfile.NamedTemporaryFile tempfile.TemporaryFile', temporary],
  ['sqlalchemy.URL.create sqlalchemy.engine.URL.create sqlalchemy.engine.url.URL.create', engineUrl],
  ['sqlalchemy.make_url sqlalchemy.engine.make_url sqlalchemy.engine.url.make_url', one],
  ['typing.cast', (args) => given(args.get(1) ?? null)],
]);

const JAVASCRIPT = table([
  ['path.join path.posix.join path.default.join', joinPlain],
  ['path.resolve path.posix.resolve', (args) => (args.count === 0 ? CWD : absolute(join(all(args), true)))],
  ['path.dirname path.posix.dirname', (args) => dirname(one(args))],
  ['path.normalize path.posix.normalize url.fileURLToPath url.pathToFileURL String decodeURIComponent', one],
  ['fs.realpathSync', toAbsolute],
  ['URL url.URL', url],
  ['process.cwd', () => CWD],
  ['os.homedir', () => HOME],
  ['os.tmpdir fs.mkdtempSync fs.promises.mkdtemp fs/promises.mkdtemp', temporary],
]);

export const pathFunction = (language: 'python' | 'javascript', name: string): PathFunction | undefined =>
  (language === 'python' ? PYTHON : JAVASCRIPT).get(name);

type PathMethod = (value: PathExpression, args: Arguments) => Value;

const itself: PathMethod = (value) => value;

/** Methods of paths and texts, by name: whatever is asked for a path here is a path or a text. */
const METHODS: ReadonlyMap<string, PathMethod> = new Map<string, PathMethod>([
  ...['as_posix', 'strip', 'rstrip', 'toString', 'trim', 'trimEnd', 'get_secret_value', 'render_as_string'].map(
    (name) => [name, itself] as const,
  ),
  ['resolve', absolute],
  ['absolute', absolute],
  ['expanduser', expandUser],
  ['joinpath', (value, args) => join([value, ...all(args)], true)],
  ['with_name', (value, args) => join([dirname(value), one(args)], true)],
  ['concat', (value, args) => concat([value, ...all(args)])],
  [
    'format',
    (value, args) =>
      formatted(value, /\{(\w*)\}/g, (name, index) =>
        /^\d*$/.test(name) ? args.get(name === '' ? index : Number(name)) : args.get(-1, name),
      ),
  ],
]);

export const pathMethod = (name: string): PathMethod | undefined => METHODS.get(name);

/** Values that libraries keep under a name. `source`: the file the name stands in. */
const CONSTANTS: ReadonlyMap<string, (source: string) => PathExpression> = new Map(
  Object.entries({
    __file__: file,
    __filename: file,
    __dirname: (source) => dirname(file(source)),
    'import.meta.url': file,
    'import.meta.filename': file,
    'import.meta.path': file,
    'import.meta.dirname': (source) => dirname(file(source)),
    'import.meta.dir': (source) => dirname(file(source)),
    'os.sep': () => literal('/'),
    'os.path.sep': () => literal('/'),
    'path.sep': () => literal('/'),
    'path.posix.sep': () => literal('/'),
    'os.curdir': () => literal('.'),
    'os.pardir': () => literal('..'),
  }),
);

export function pathConstant(name: string, source: string): PathExpression | undefined {
  const variable = /^(?:process|Bun)\.env\.(\w+)$/.exec(name)?.[1];
  return variable ? environment(literal(variable)) : CONSTANTS.get(name)?.(source);
}

/** Names whose items are environment variables: `os.environ['X']`. */
export const isEnvironment = (name: string): boolean =>
  name === 'os.environ' || name === 'process.env' || name === 'Bun.env';
