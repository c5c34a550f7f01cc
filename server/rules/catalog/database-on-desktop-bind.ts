import { fragile } from '../fragile.ts';
import { asSure } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import { ownVolume } from '../own-volume.ts';
import type { Rule } from '../rule.ts';

/** A disk of Windows: by its letter, or where WSL mounts it. */
const WINDOWS = /^[A-Za-z]:[\\/]|^\/mnt\/[a-z]\//;

const rule: Rule = {
  name: 'database-on-desktop-bind',
  severity: 'warning',
  summary: 'A database that needs a Linux file system is on a disk of Windows.',
  rationale:
    'Docker Desktop and WSL hand folders of Windows over through a file server. The locks, the shared memory and the mapped files that SQLite and Qdrant rely on do not work through it as they do on a Linux disk: databases have been damaged this way. A named volume lies on the Linux disk of the virtual machine.',
  bad: 'services:\n  vectors:\n    image: qdrant/qdrant:v1.12.0\n    volumes:\n      - /mnt/c/Users/me/qdrant:/qdrant/storage\n',
  good: 'services:\n  vectors:\n    image: qdrant/qdrant:v1.12.0\n    volumes:\n      - vectors_data:/qdrant/storage\n\nvolumes:\n  vectors_data:\n',
  fixSafety: 'migration',
  fixNote: 'The data has to be copied from the folder to the volume.',
  since: '0.2.0',
  references: [
    'https://qdrant.tech/documentation/guides/installation/',
    'https://github.com/qdrant/qdrant/issues/7645',
  ],
  *check(context) {
    for (const analysed of context.analysed.services) {
      for (const one of analysed.stores) {
        const { backing, store } = one;
        if (analysed.service.broken || backing.type !== 'bind-mount' || backing.readOnly) continue;
        if (!WINDOWS.test(backing.source ?? '')) continue;
        const weak = fragile(one, analysed);
        const mount = analysed.service.mounts.find(({ span }) => span === backing.span);
        if (!weak || !mount) continue;
        yield {
          severity: asSure('warning', weak.confidence, store.confidence),
          message: `${store.path} is in ${backing.source}, on a disk of Windows, and holds ${weak.what}: its locks and mapped files do not work as on a Linux disk, and it can get damaged while it runs`,
          span: mount.sourceSpan ?? mount.span,
          service: analysed.service.name,
          store,
          related: relatedOf(one),
          fixes: () => ownVolume(context, analysed, mount, (name) => `Keep it in the named volume ${name}`),
        };
      }
    }
  },
};

export default rule;
