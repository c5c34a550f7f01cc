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

/**
 * A case as one text: what it shows, how it is called, its files.
 *
 *     # a comment
 *     > -f compose.yaml --profile x
 *     $ NAME=value
 *     -- compose.yaml --
 *     services: ...
 */
export function parseCase(name: string, text: string): TestProject {
  const files: Record<string, string> = {};
  const argv: string[] = [];
  const env: Record<string, string> = {};
  let file: string | undefined;
  for (const line of text.split(/(?<=\n)/)) {
    const header = /^-- (\S+) --\n?$/.exec(line)?.[1];
    if (header !== undefined) {
      file = header;
      files[file] = '';
    } else if (file !== undefined) files[file] += line;
    else if (line.startsWith('>')) argv.push(...line.slice(1).trim().split(/\s+/).filter(Boolean));
    else if (line.startsWith('$')) {
      const [key, ...rest] = line.slice(1).trim().split('=');
      env[key!] = rest.join('=');
    }
  }
  return { name, files, argv, env };
}

export function formatCase(project: TestProject, why: string): string {
  const head = [`# ${why}`];
  if (project.argv.length > 0) head.push(`> ${project.argv.join(' ')}`);
  for (const [key, value] of Object.entries(project.env)) head.push(`$ ${key}=${value}`);
  const bodies = Object.entries(project.files).map(
    ([name, text]) => `-- ${name} --\n${text.endsWith('\n') || text === '' ? text : `${text}\n`}`,
  );
  return `${head.join('\n')}\n${bodies.join('')}`;
}
