import { type DirectoryEntry, type Files, UnreadableFile } from '../../../server/files.ts';
import type { Mount, Project, Service } from '../../../server/project/model.ts';
import { loadQuadlet } from '../../../server/project/quadlet/load.ts';
import { kindOf } from '../../../server/project/quadlet/unit.ts';
import { rangeOf, type Source, type Span } from '../../../server/syntax/source.ts';

/** A folder of units that is nowhere but here: `/u`. */
export function units(texts: Readonly<Record<string, string>>): Project {
  const names = Object.keys(texts).filter((name) => !name.includes('/') && kindOf(name) !== null);
  return loadQuadlet(memory(texts), { files: names.sort().map((name) => `/u/${name}`) });
}

/** Names are below `/u`, or absolute. */
export function memory(texts: Readonly<Record<string, string>>): Files {
  const sources = new Map<string, Source>();
  for (const [name, text] of Object.entries(texts)) {
    const path = name.startsWith('/') ? name : `/u/${name}`;
    sources.set(path, { path, text });
  }
  const below = (folder: string): Map<string, DirectoryEntry> => {
    const found = new Map<string, DirectoryEntry>();
    for (const path of sources.keys()) {
      if (!path.startsWith(`${folder}/`)) continue;
      const [name, ...rest] = path.slice(folder.length + 1).split('/');
      found.set(name!, { name: name!, kind: rest.length > 0 ? 'directory' : 'file' });
    }
    return found;
  };
  return {
    read(file) {
      const source = sources.get(file);
      if (!source) throw new UnreadableFile(file, 'does not exist');
      return source;
    },
    kind: (file) => (sources.has(file) ? 'file' : below(file).size > 0 ? 'directory' : 'missing'),
    list: (folder) => [...below(folder).values()],
    head: () => null,
    link: () => null,
  };
}

export function service(project: Project, name: string): Service {
  const found = project.services.find((one) => one.name === name);
  if (!found) throw new Error(`no service ${name}, there are ${project.services.map((one) => one.name).join(', ')}`);
  return found;
}

/** `a.container 1:2-1:9`, zero-based. */
export function at(span: Span): string {
  const { start, end } = rangeOf(span);
  return `${span.source.path.replace('/u/', '')} ${start.line}:${start.character}-${end.line}:${end.character}`;
}

/** `volume data /x | whole | source | target` */
export const mountLine = (mount: Mount): string =>
  [
    `${mount.type} ${mount.source ?? '-'} ${mount.target}${mount.readOnly ? ' ro' : ''}`,
    at(mount.span),
    mount.sourceSpan ? at(mount.sourceSpan) : '-',
    at(mount.targetSpan),
  ].join(' | ');

export const problems = (project: Project): string[] =>
  project.problems.map(({ span, message }) => `${at(span)} ${message}`);
