import * as path from 'node:path';
import type { Files } from '../../files.ts';
import type { Mount } from '../../project/model.ts';
import { databaseKind } from '../../stores/database-files.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { coveringMount, isWithin } from '../../survival/backing.ts';
import { ownVolume } from '../own-volume.ts';
import type { Rule } from '../rule.ts';

/** Files that only keep a folder, say what it is for, or are there for programs that look after the source. */
const MARKERS =
  /(^|\/)(\.git[^/]*|\.?keep|\.placeholder|\.dockerignore|\.editorconfig|\.DS_Store|(README|LICEN[CS]E|NOTICE|CHANGELOG|CONTRIBUTING)([._-][^/]*)?)(\/|$)/i;

/** Files that the build copies below the mount, and that do not come from the very folder that is mounted. */
function hidden({ placed, service }: AnalysedService, mount: Mount, files: Files): string[] {
  const found: string[] = [];
  // Under a folder of the host that is mounted above it nobody sees what the image has, with or without this one.
  const isHidden = service.mounts.some(
    ({ type, target }) => type === 'bind' && target !== mount.target && isWithin(mount.target, target),
  );
  if (isHidden) return found;
  for (const [at, host] of placed.image) {
    if (!isWithin(at, mount.target) || coveringMount(at, service.mounts) !== mount) continue;
    // A folder that is also copied is mounted to be developed in; a database in the image is a matter of its own.
    if (mount.source === undefined || isWithin(host, mount.source)) return [];
    if (!MARKERS.test(path.posix.relative(mount.target, at)) && databaseKind(files, host) === null)
      found.push(path.posix.relative(mount.target, at));
  }
  return found;
}

const isEmpty = (folder: string, files: Files): boolean =>
  files.kind(folder) === 'missing' ||
  (files.kind(folder) === 'directory' && files.list(folder).every(({ name }) => MARKERS.test(name)));

const rule: Rule = {
  name: 'bind-hides-image-data',
  severity: 'info',
  summary: 'An empty folder of the host hides what the image brings.',
  rationale:
    'A bind mount shows the folder of the host and nothing else: what the image holds at that path cannot be seen. The engine fills a named volume from the image at its first use, but never a folder of the host.',
  bad: 'services:\n  app:\n    build: .   # Dockerfile: COPY defaults /app/data\n    volumes:\n      - ./data:/app/data   # an empty folder\n',
  good: 'services:\n  app:\n    build: .\n    volumes:\n      - app_data:/app/data\n\nvolumes:\n  app_data:\n',
  fixSafety: 'migration',
  fixNote: 'The new volume takes over what the image holds; what the folder of the host has by then must be copied.',
  since: '0.2.0',
  references: [
    'https://docs.docker.com/engine/storage/bind-mounts/#mounting-into-a-non-empty-directory-on-the-container',
  ],
  *check(context) {
    for (const analysed of context.analysed.services) {
      const { service } = analysed;
      if (service.broken || analysed.placed.image.size === 0) continue;
      for (const mount of service.mounts) {
        if (mount.type !== 'bind' || mount.from !== 'volumes' || !mount.source || mount.unresolved.length > 0) continue;
        if (!isWithin(mount.source, context.analysed.project.directory) || !isEmpty(mount.source, context.files))
          continue;
        const [first, ...more] = hidden(analysed, mount, context.files);
        if (first === undefined || first === '') continue;
        const others = more.length > 0 ? ` and ${more.length} more` : '';
        yield {
          severity: 'info',
          message: `${mount.sourceText} is empty and hides what the image has in ${mount.target} (${first}${others}): the engine fills a named volume from the image, but never a folder of the host`,
          span: mount.sourceSpan ?? mount.span,
          service: service.name,
          related: [],
          fixes: () =>
            ownVolume(context, analysed, mount, (volume) => `Keep ${mount.target} in the named volume ${volume}`),
        };
      }
    }
  },
};

export default rule;
