import { type Files, UnreadableFile } from '../../server/files.ts';
import { type LoadOptions, loadProject } from '../../server/project/load.ts';
import type { Project, Service } from '../../server/project/model.ts';
import { type Source, type Span, textOf } from '../../server/syntax/source.ts';

/** Files that are nowhere but here, below `/p`. */
export function memoryFiles(texts: Readonly<Record<string, string>>): Files {
  const sources = new Map<string, Source>(
    Object.entries(texts).map(([name, text]) => [`/p/${name}`, { path: `/p/${name}`, text }]),
  );
  return {
    read(file) {
      const source = sources.get(file);
      if (!source) throw new UnreadableFile(file, 'does not exist');
      return source;
    },
    kind: (file) =>
      sources.has(file)
        ? 'file'
        : [...sources.keys()].some((one) => one.startsWith(`${file}/`))
          ? 'directory'
          : 'missing',
    list: () => [],
    head: () => null,
    link: () => null,
  };
}

/** The project of `compose.yaml`, or of the files that are named. */
export function load(texts: Readonly<Record<string, string>>, options: Partial<LoadOptions> = {}): Project {
  return loadProject(memoryFiles(texts), { files: ['/p/compose.yaml'], ...options });
}

export function service(project: Project, name: string): Service {
  const found = project.services.find((one) => one.name === name);
  if (!found) throw new Error(`no service ${name}`);
  return found;
}

/** `file: text that is meant: message`, for every problem. */
export const problems = (project: Project): string[] =>
  project.problems.map(({ span, message }) => `${place(span)}: ${message}`);

export const place = (span: Span): string => `${span.source.path.slice(3)}: ${textOf(span)}`;
