/** Every Compose file below a folder, as a project of its own. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { TestProject } from './project.ts';

const NAME = /^(docker-)?compose([.-][\w.-]+)?\.ya?ml$/;

export function corpusProjects(root: string): { folder: string; project: TestProject }[] {
  const files = fs.readdirSync(root, { recursive: true, withFileTypes: true });
  return files
    .filter((entry) => entry.isFile() && NAME.test(entry.name))
    .map((entry) => ({
      folder: entry.parentPath,
      project: {
        name: path.join(path.relative(root, entry.parentPath), entry.name),
        files: {},
        argv: ['-f', entry.name],
        env: {},
      },
    }));
}
