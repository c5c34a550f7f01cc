import type { Mount, Service } from '../../project/model.ts';
import { removeMount } from '../fixes.ts';
import type { Rule } from '../rule.ts';

/** Pairs on one target in one file: across files the later one is meant to replace the earlier. */
function* clashes(service: Service): Iterable<{ readonly lost: Mount; readonly by: Mount; readonly refused: boolean }> {
  for (const { mount, by, refused } of service.replacedMounts) {
    if (service.unit || mount.span.source === by.span.source) yield { lost: mount, by, refused };
  }
  const tmpfs = service.mounts.filter((mount) => mount.from === 'tmpfs');
  for (const mount of service.mounts) {
    if (mount.from !== 'volumes') continue;
    const by = tmpfs.find((other) => other.target === mount.target && other.span.source === mount.span.source);
    if (by) yield { lost: mount, by, refused: true };
  }
}

const nameOf = (mount: Mount): string => mount.sourceText ?? (mount.type === 'tmpfs' ? 'tmpfs' : 'an anonymous volume');

const rule: Rule = {
  name: 'duplicate-mount-target',
  severity: 'warning',
  summary: 'Two mounts have the same target: only one of them counts.',
  rationale:
    'Compose v2 keeps the last mount on a target and drops the others without a word. The volume that was dropped stays empty, and whoever expects data in it finds none.',
  bad: 'services:\n  db:\n    image: mariadb:11\n    volumes:\n      - old_data:/var/lib/mysql\n      - new_data:/var/lib/mysql\n\nvolumes:\n  old_data:\n  new_data:\n',
  good: 'services:\n  db:\n    image: mariadb:11\n    volumes:\n      - new_data:/var/lib/mysql\n\nvolumes:\n  new_data:\n',
  fixSafety: 'safe',
  fixNote: 'It removes the entry that Compose drops anyway: what runs stays the same.',
  since: '0.1.0',
  *check({ analysed: { project } }) {
    const engine = project.runtime === 'quadlet' ? 'Podman' : 'Compose';
    for (const service of project.services) {
      for (const { lost, by, refused } of clashes(service)) {
        // Podman takes two mounts that are alike for one.
        if (project.runtime === 'quadlet' && !refused) continue;
        yield {
          severity: 'warning',
          message: refused
            ? `${by.target} is mounted twice, as ${nameOf(lost)} and as ${nameOf(by)}: ${engine} refuses to start`
            : `${by.target} is mounted twice: Compose uses ${nameOf(by)}, and ${nameOf(lost)} is not mounted at all`,
          span: lost.targetSpan,
          service: service.name,
          related: [
            {
              from: 'mount',
              note: `${nameOf(by)} is mounted at the same place`,
              span: by.targetSpan,
              confidence: 'primary',
            },
          ],
          fixes: () =>
            refused ? [] : removeMount(service, lost, `Remove the mount of ${nameOf(lost)}, which is not used`),
        };
      }
    }
  },
};

export default rule;
