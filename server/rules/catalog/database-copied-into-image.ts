import { type Files, UnreadableFile } from '../../files.ts';
import { addLines } from '../../fixes/ignore-lines.ts';
import type { Project } from '../../project/model.ts';
import type { Baked } from '../baked.ts';
import { copiedDatabases } from '../baked.ts';
import { copyOut } from '../image/containers.ts';
import type { Fix, Rule } from '../rule.ts';

const rule: Rule = {
  name: 'database-copied-into-image',
  severity: 'warning',
  summary: 'A build step copies a database into the image.',
  rationale:
    'The image then carries the data of the day it was built. Without a volume the container starts from that copy again and again; with one whose path is wrong, old data shows up where nobody expects it; and whoever can pull the image can read it.',
  bad: 'services:\n  app:\n    build: .   # Dockerfile: COPY . .   with app.db in the folder\n',
  good: 'services:\n  app:\n    build: .   # .dockerignore: *.db\n    volumes:\n      - app_data:/app/data\n\nvolumes:\n  app_data:\n',
  fixSafety: 'both',
  fixNote:
    'Ignoring the file is safe where a mount covers it at run time. Otherwise the application has to make its database itself at the first start.',
  since: '0.1.0',
  about: 'image',
  *check({ analysed: { project, services }, files }) {
    const found = new Map<string, Baked>();
    for (const baked of services.flatMap((analysed) => [...copiedDatabases(analysed, files)])) {
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
  },
};

function ignoreFix(baked: Baked, files: Files, project: Project): Fix[] {
  if (baked.patterns.length === 0) return [];
  let edits: Fix['edits'];
  try {
    edits = addLines(
      files.kind(baked.ignorePath) === 'missing'
        ? { path: baked.ignorePath, exists: false }
        : files.read(baked.ignorePath),
      baked.patterns,
    );
  } catch (error) {
    if (error instanceof UnreadableFile) return [];
    throw error;
  }
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
