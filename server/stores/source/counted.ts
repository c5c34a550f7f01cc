/** Which files count as the application. */
import * as path from 'node:path';

/** Not code that runs in the container, or not the application's own. */
const OUTSIDE: ReadonlySet<string> = new Set(
  (
    'test tests __tests__ spec specs fixtures __fixtures__ __mocks__ e2e example examples doc docs benchmark benchmarks ' +
    'alembic migrations node_modules site-packages .venv venv __pycache__ .git'
  ).split(' '),
);

const OUTSIDE_FILE =
  /^(?:tests\.py|test_.*\.py|.*_test\.py|conftest\.py|.*\.(?:test|spec|stories|bench)\.[mc]?[jt]sx?|.*\.(?:example|sample|template)\.[a-z]+|(?:drizzle|jest|vitest|playwright)\.config\.[mc]?[jt]s)$/;

/** `root`: the application's directory; what lies above it does not matter. */
export function isCounted(file: string, root: string): boolean {
  const inner = file.startsWith(`${root}/`) ? file.slice(root.length + 1) : path.posix.basename(file);
  const segments = inner.split('/');
  const name = segments.pop()!;
  return !OUTSIDE_FILE.test(name) && !segments.some((segment) => OUTSIDE.has(segment.toLowerCase()));
}

/** The directory that holds all the files. */
export function commonRoot(files: readonly string[]): string {
  let root = files[0] === undefined ? '' : path.posix.dirname(files[0]);
  for (const file of files)
    while (root !== '/' && root !== '.' && root !== '' && !file.startsWith(`${root}/`)) root = path.posix.dirname(root);
  return root === '/' || root === '.' ? '' : root;
}

/** Bundled or minified: its files are there as well, and it takes long to read. */
export const isGenerated = (text: string): boolean =>
  text.length > 20_000 && text.length / (count(text, '\n') + 1) > 400;

function count(text: string, character: string): number {
  let found = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) found++;
  return found;
}
