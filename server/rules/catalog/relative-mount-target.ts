import { insertAt } from '../../fixes/edits.ts';
import type { Mount } from '../../project/model.ts';
import { textOf } from '../../syntax/source.ts';
import type { Fix, Rule } from '../rule.ts';
import { hasRelativeTarget, isRefused } from '../swapped.ts';

/** Where programs keep things: a path that begins so has only lost its slash. */
const ROOTS = /^(?:app|config|data|etc|home|mnt|opt|root|run|srv|usr|var)(?:\/|$)/;

/** `tmpfs: [/tmp:rw,noexec]`: in a list of one line the options become entries of their own. */
const isRelativeTmpfs = ({ from, unresolved, targetText }: Mount): boolean =>
  from === 'tmpfs' && unresolved.length === 0 && !/^(?:\/|\\|[A-Za-z]:)/.test(targetText);

const rule: Rule = {
  name: 'relative-mount-target',
  severity: 'error',
  summary: 'The path in the container is not absolute: the engine refuses the mount.',
  rationale:
    'The left side of a mount may be relative, the right side may not: the engine answers "mount path must be absolute" and makes no container. Compose itself says nothing, so it shows only when the service is started. Mostly a slash is missing.',
  bad: 'services:\n  db:\n    image: mariadb:11\n    volumes:\n      - db_data:var/lib/mysql\n\nvolumes:\n  db_data:\n',
  good: 'services:\n  db:\n    image: mariadb:11\n    volumes:\n      - db_data:/var/lib/mysql\n\nvolumes:\n  db_data:\n',
  fixSafety: 'safe',
  fixNote:
    'No container was ever made with such a mount, so nothing can be moved. Offered where only the slash is missing.',
  since: '0.2.0',
  refusal: true,
  references: ['https://github.com/moby/moby/blob/v27.5.1/volume/mounts/linux_parser.go'],
  *check({ analysed: { project, services } }) {
    // Quadlet says so itself when it reads the unit.
    if (project.runtime !== 'compose') return;
    for (const { service } of services) {
      if (service.broken) continue;
      for (const mount of service.mounts) {
        // A host path on the left and `./data` on the right are swapped: another rule says so.
        const isIt = mount.from === 'tmpfs' ? isRelativeTmpfs(mount) : isRefused(mount) && !hasRelativeTarget(mount);
        if (!isIt) continue;
        yield {
          severity: 'error',
          message: `${mount.targetText} is not an absolute path: the engine refuses the mount, and ${service.name} does not start`,
          span: mount.targetSpan,
          service: service.name,
          related: [],
          fixes: () => slash(mount),
        };
      }
    }
  },
};

function slash({ from, targetText, targetSpan }: Mount): Fix[] {
  if (from !== 'volumes' || !ROOTS.test(targetText) || textOf(targetSpan) !== targetText) return [];
  return [
    {
      title: `Mount it at /${targetText}`,
      safety: 'safe',
      edits: [insertAt(targetSpan.source, targetSpan.start, '/')],
    },
  ];
}

export default rule;
