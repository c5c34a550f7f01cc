import { type Files, UnreadableFile } from '../../files.ts';
import { addLines } from '../../fixes/ignore-lines.ts';
import type { Project } from '../../project/model.ts';
import type { Span } from '../../syntax/source.ts';
import type { Baked } from '../baked.ts';
import { copiedDatabases } from '../baked.ts';
import { bakedBinds, type KeptData } from '../baked-binds.ts';
import { copyOut } from '../image/containers.ts';
import type { Fix, Rule } from '../rule.ts';

const rule: Rule = {
  name: 'database-copied-into-image',
  severity: 'warning',
  summary: 'A build step copies a database into the image, or the folder that one is kept in.',
  rationale:
    'The image then carries the data of the day it was built. Without a volume the container starts from that copy again and again; with one whose path is wrong, old data shows up where nobody expects it; and whoever can pull the image can read it.',
  bad: 'services:\n  app:\n    build: .   # Dockerfile: COPY . .   with app.db in the folder\n',
  good: 'services:\n  app:\n    build: .   # .dockerignore: *.db\n    volumes:\n      - app_data:/app/data\n\nvolumes:\n  app_data:\n',
  fixSafety: 'both',
  fixNote:
    'Ignoring the file is safe where a mount covers it at run time. Otherwise the application has to make its database itself at the first start.',
  since: '0.1.0',
  about: 'image',
  *check({ analysed, files }) {
    const { project, services } = analysed;
    const found = new Map<string, Baked>();
    for (const baked of services.flatMap((one) => [...copiedDatabases(one, files)])) {
      const key = `${baked.span.source.path}:${baked.span.start}`;
      const before = found.get(key);
      // Of services on one Dockerfile the one without a mount tells what may be lost.
      if (!before || (before.covered && !baked.covered)) found.set(key, baked);
    }
    for (const baked of found.values()) {
      yield {
        severity: baked.certain ? 'warning' : 'info',
        message: `COPY of database into image: ${baked.message}`,
        span: baked.span,
        service: baked.service,
        related: baked.related,
        fixes: () => ignoreFix(baked, files, project),
      };
    }
    const told = new Set<string>();
    for (const { analysed: one, context, step, data } of bakedBinds(analysed)) {
      const isFound = [...found.values()].some(({ span }) => isPartOf(span, step.span));
      const key = `${step.span.source.path}:${step.span.start}`;
      if (isFound || told.has(key)) continue;
      told.add(key);
      const [first] = data;
      const { store } = first!.one;
      const names = [...new Set(data.map(({ at }) => at))];
      const more = names.length > 1 ? ` and ${names.length - 1} more` : '';
      const harm = store.role === 'server' ? ', or ends because it may not read it' : '';
      yield {
        severity: 'info',
        message: `${first!.of.service.name} keeps its ${store.title} data in ${first!.at}${more} inside the build context, and no line of the ignore file leaves it out: the next build takes along what is there${harm}`,
        span: step.sources.length === 1 ? step.sources[0]!.span : step.span,
        service: one.service.name,
        related: first!.one.store.evidence,
        fixes: () => leaveOut(context.ignorePath, patternsOf(data), files),
      };
    }
  },
};

const isPartOf = (inner: Span, outer: Span): boolean =>
  inner.source.path === outer.source.path && inner.start >= outer.start && inner.end <= outer.end;

const patternsOf = (data: readonly KeptData[]): string[] =>
  data.flatMap(({ at, one }) => (one.store.isFile ? [at, `${at}-wal`, `${at}-shm`] : [at]));

/** The data is on the host, and what runs finds it there. */
function leaveOut(ignorePath: string, patterns: readonly string[], files: Files): Fix[] {
  const edits = linesFor(ignorePath, patterns, files);
  return edits.length === 0
    ? []
    : [{ title: `Leave ${patterns[0]} out of the build (.dockerignore)`, safety: 'safe', edits }];
}

function linesFor(ignorePath: string, patterns: readonly string[], files: Files): Fix['edits'] {
  try {
    return addLines(
      files.kind(ignorePath) === 'missing' ? { path: ignorePath, exists: false } : files.read(ignorePath),
      patterns,
    );
  } catch (error) {
    if (error instanceof UnreadableFile) return [];
    throw error;
  }
}

function ignoreFix(baked: Baked, files: Files, project: Project): Fix[] {
  if (baked.patterns.length === 0) return [];
  const edits = linesFor(baked.ignorePath, baked.patterns, files);
  if (edits.length === 0) return [];
  const title = `Leave ${baked.patterns[0]} out of the build (.dockerignore)`;
  if (baked.covered) return [{ title, safety: 'safe', edits }];
  const service = [...project.services, ...project.inactive].find(({ name }) => name === baked.service);
  const subject = project.imageOnly ? 'Where no mount covers' : 'No mount covers';
  const steps = [
    `${subject} ${baked.destination}${project.imageOnly ? ',' : ':'} the container has worked on its own copy so far. Copy that out first: ${copyOut(project, service, baked.destination)}`,
    'Give the database a volume, then apply this change and rebuild',
    'Make sure that the application makes an empty database when it finds none',
  ];
  return [{ title, safety: 'migration', edits, steps }];
}

export default rule;
