/** A project to be shown to Compose and to ours: the files of a folder, and how the command is called in it. */
import * as fs from 'node:fs';
import * as path from 'node:path';

export interface TestProject {
  readonly name: string;
  /** By path below the folder; a path that ends in `/` is an empty directory. */
  readonly files: Readonly<Record<string, string>>;
  /** `-f`, `-p`, `--profile`, `--env-file` and `--project-directory`, as Compose takes them. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export function writeProject(folder: string, project: TestProject): void {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(project.files)) {
    const file = path.join(folder, name);
    if (name.endsWith('/')) fs.mkdirSync(file, { recursive: true });
    else {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, text);
    }
  }
}

export interface Case extends TestProject {
  readonly why: string;
  /** What Compose said when it was last asked: its model, or `refused`. `{folder}` is where the project stands. */
  readonly expected: string;
}

const EXPECTED = 'compose-says';

/** Stands behind a text that does not end its last line. */
const NO_NEWLINE = '\n\\ no newline at the end\n';

/**
 * A case as one text: why it is there, how the command is called, its files, and what Compose says of them.
 *
 *     # a comment
 *     > -f compose.yaml --profile x
 *     $ NAME=value
 *     -- compose.yaml --
 *     services: ...
 *     -- compose-says --
 *     refused
 *
 * Behind a last line that does not end stands `\ no newline at the end`.
 */
export function parseCase(name: string, text: string): Case {
  const files: Record<string, string> = {};
  const argv: string[] = [];
  const env: Record<string, string> = {};
  const why: string[] = [];
  let file: string | undefined;
  for (const line of text.split(/(?<=\n)/)) {
    const header = /^-- (\S+) --\n?$/.exec(line)?.[1];
    if (header !== undefined) {
      file = header;
      files[file] = '';
    } else if (file !== undefined) files[file] += line;
    else if (line.startsWith('#')) why.push(line.slice(1).trim());
    else if (line.startsWith('>')) argv.push(...line.slice(1).trim().split(/\s+/).filter(Boolean));
    else if (line.startsWith('$')) {
      const [key, ...rest] = line.slice(1).trim().split('=');
      env[key!] = rest.join('=');
    }
  }
  for (const [path, body] of Object.entries(files)) {
    if (body.endsWith(NO_NEWLINE)) files[path] = body.slice(0, -NO_NEWLINE.length);
  }
  const { [EXPECTED]: expected = '', ...own } = files;
  return { name, files: own, argv, env, why: why.join('\n'), expected: expected.trim() };
}

export function formatCase({ why, argv, env, files, expected }: Case): string {
  const head = why.split('\n').map((line) => `# ${line}`);
  if (argv.length > 0) head.push(`> ${argv.join(' ')}`);
  for (const [key, value] of Object.entries(env)) head.push(`$ ${key}=${value}`);
  const ended = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}${NO_NEWLINE}`);
  const bodies = Object.entries({ ...files, [EXPECTED]: `${expected}\n` }).map(
    ([name, text]) => `-- ${name} --\n${ended(text)}`,
  );
  return `${head.join('\n')}\n${bodies.join('')}`;
}
