/** What functions of the languages' libraries make of paths and texts. */
import {
  absolute,
  CWD,
  concat,
  dirname,
  either,
  environment,
  file,
  formatted,
  given,
  HOME,
  join,
  literal,
  TEMP,
  unknown,
  type Value,
} from '../expressions.ts';
import type { PathExpression } from '../model.ts';
import type { Language } from './code.ts';

/** What a function is called on, and with; read when asked for. */
export interface Given {
  readonly count: number;
  readonly on: () => Value;
  /** By place; undefined where it is not given. */
  readonly at: (place: number) => Value | undefined;
}

type PathFunction = (given: Given) => Value;

const one: PathFunction = ({ at }) => given(at(0) ?? null);
const itself: PathFunction = ({ on }) => on();
const all = ({ count, at }: Given): PathExpression[] => Array.from({ length: count }, (_, i) => given(at(i) ?? null));

const fromEnvironment: PathFunction = ({ at }) => environment(at(0) ?? null, at(1) ?? null);
const joined: PathFunction = (args) => join(all(args), false);
const temporary: PathFunction = () => TEMP;
const parent: PathFunction = (args) => dirname(given(one(args)));

/** The value, or else the one given. */
export function orElse(value: Value, fallback: Value): Value {
  return value?.kind === 'env' && !value.fallback && fallback ? { ...value, fallback } : either([value, fallback]);
}

const printed: PathFunction = ({ at }) => formatted(at(0) ?? null, /%[sv]/g, (_, index) => at(index + 1));

/** `-db x`: the default is what counts where the command line says nothing else. */
const flag =
  (name: number): PathFunction =>
  ({ at }) => {
    const called = at(name);
    const fallback = at(name + 1);
    if (called?.kind !== 'literal' || fallback?.kind !== 'literal')
      return unknown('the path comes from the command line');
    return { kind: 'flag', name: called.value, fallback };
  };

const property: PathFunction = ({ at }) => {
  const name = at(0);
  const known = name?.kind === 'literal' ? PROPERTIES[name.value] : undefined;
  return known ?? unknown('the path comes from a system property');
};
const PROPERTIES: Readonly<Record<string, PathExpression>> = {
  'user.dir': CWD,
  'user.home': HOME,
  'java.io.tmpdir': TEMP,
};

const table = (rows: readonly (readonly [string, PathFunction])[]): ReadonlyMap<string, PathFunction> =>
  new Map(rows.flatMap(([names, read]) => names.split(' ').map((name) => [name, read] as const)));

const FUNCTIONS: Readonly<Record<Language, ReadonlyMap<string, PathFunction>>> = {
  go: table([
    ['os.Getenv os.LookupEnv syscall.Getenv', fromEnvironment],
    ['path/filepath.Join path.Join', joined],
    ['path/filepath.Dir path.Dir', parent],
    ['path/filepath.Abs', (args) => absolute(given(one(args)))],
    ['path/filepath.Clean path/filepath.FromSlash path/filepath.ToSlash path.Clean strings.TrimSpace string', one],
    ['os.ExpandEnv', (args) => (given(one(args)).kind === 'literal' ? one(args) : unknown('expanded text'))],
    ['fmt.Sprintf', printed],
    ['os.Getwd', () => CWD],
    ['os.UserHomeDir', () => HOME],
    ['os.TempDir os.MkdirTemp os.CreateTemp io/ioutil.TempDir io/ioutil.TempFile', temporary],
    ['cmp.Or', (args) => either(all(args))],
    ['flag.String github.com/spf13/pflag.String', flag(0)],
    ['flag.StringVar github.com/spf13/pflag.StringVar .StringVar', flag(1)],
  ]),
  java: table([
    ['System.getenv System.getenv.get System.getenv.getOrDefault', fromEnvironment],
    ['System.getProperty', property],
    ['String.format', printed],
    ['.formatted', ({ on, at }) => formatted(on(), /%[sv]/g, (_, index) => at(index))],
    ['java.nio.file.Paths.get java.nio.file.Path.of Paths.get Path.of new java.io.File new File', joined],
    ['java.util.Optional.ofNullable Optional.ofNullable String.valueOf', one],
    [
      '.toString .getAbsolutePath .getPath .toFile .toPath .toAbsolutePath .normalize .trim .getCanonicalPath .strip',
      itself,
    ],
    ['.resolve', (args) => join([given(args.on()), ...all(args)], true)],
    ['.concat', (args) => concat([given(args.on()), ...all(args)])],
    ['.orElse', ({ on, at }) => orElse(on(), at(0) ?? null)],
    [
      'java.util.Objects.requireNonNullElse Objects.requireNonNullElse',
      ({ at }) => orElse(at(0) ?? null, at(1) ?? null),
    ],
    ['java.nio.file.Files.createTempFile java.nio.file.Files.createTempDirectory File.createTempFile', temporary],
    ['java.io.File.createTempFile Files.createTempFile Files.createTempDirectory', temporary],
  ]),
  php: table([
    ['getenv', ({ at }) => environment(at(0) ?? null)],
    ['env', fromEnvironment],
    [
      'dirname',
      ({ at }) => {
        const levels = at(1);
        const times = levels?.kind === 'literal' ? Number(levels.value) : levels === undefined ? 1 : 0;
        let value = given(at(0) ?? null);
        for (let i = 0; i < times; i++) value = dirname(value);
        return times > 0 ? value : unknown('a computed folder');
      },
    ],
    ['realpath trim rtrim strval', one],
    ['sprintf', printed],
    ['getcwd', () => CWD],
    ['sys_get_temp_dir tempnam tmpfile', temporary],
  ]),
  ruby: table([
    ['ENV.fetch', fromEnvironment],
    ['File.join', joined],
    [
      'File.expand_path File.absolute_path',
      ({ count, at }) => {
        const path = given(at(0) ?? null);
        return count > 1 ? join([given(at(1) ?? null), path], true) : absolute(path);
      },
    ],
    ['File.dirname', parent],
    ['Pathname.new Pathname String File.realpath', one],
    ['Dir.pwd', () => CWD],
    ['Dir.home', () => HOME],
    ['Dir.tmpdir Dir.mktmpdir Tempfile.new Tempfile.create', temporary],
    ['.to_s .freeze .to_path .strip .realpath .expand_path .path .to_str .cleanpath', itself],
    ['.join', (args) => join([given(args.on()), ...all(args)], true)],
    ['.dirname .parent', ({ on }) => dirname(given(on()))],
  ]),
  rust: table([
    [
      'std::env::var env::var std::env::var_os env::var_os dotenvy::var dotenv::var',
      ({ at }) => environment(at(0) ?? null),
    ],
    ['Path::new PathBuf::from String::from Cow::from Some Ok Box::new', one],
    ['std::path::Path::new std::path::PathBuf::from std::string::String::from camino::Utf8PathBuf::from', one],
    ['std::env::temp_dir env::temp_dir tempfile::tempdir tempdir tempfile::TempDir::new TempDir::new', temporary],
    ['tempfile::NamedTempFile::new NamedTempFile::new', temporary],
    ['std::env::current_dir env::current_dir', () => CWD],
    ['dirs::home_dir home::home_dir std::env::home_dir', () => HOME],
    ['.unwrap_or .unwrap_or_else .or_else .or .map_or', ({ on, at }) => orElse(on(), at(0) ?? null)],
    [
      '.unwrap .expect .ok .to_string .into .to_owned .as_str .as_ref .as_path .clone .to_str .to_string_lossy ' +
        '.to_path_buf .display .as_deref .into_owned .trim .unwrap_or_default .context .with_context .map_err ' +
        '.canonicalize .path .to_string_lossy .as_os_str .cloned .wrap_err',
      itself,
    ],
    ['.join', (args) => join([given(args.on()), ...all(args)], true)],
    ['.parent', ({ on }) => dirname(given(on()))],
  ]),
};

export const pathFunction = (language: Language, name: string): PathFunction | undefined =>
  FUNCTIONS[language].get(name);

/** Names that always mean the same. */
export function pathConstant(language: Language, name: string, source: string): PathExpression | undefined {
  if (language === 'php' || language === 'ruby') {
    if (/^__dir__$/i.test(name)) return dirname(file(source));
    if (name === '__FILE__') return file(source);
  }
  if (language === 'php' && name === 'DIRECTORY_SEPARATOR') return literal('/');
  if (language === 'java' && /^(?:java\.io\.)?File\.separator$/.test(name)) return literal('/');
  return undefined;
}

const ENVIRONMENTS: Readonly<Record<string, string>> = {
  php: '$_ENV $_SERVER',
  ruby: 'ENV',
  java: '',
  go: '',
  rust: '',
};

export const isEnvironment = (language: Language, name: string): boolean =>
  (ENVIRONMENTS[language] ?? '').split(' ').includes(name);
