import { addTopLevelVolume } from '../../fixes/named-volume.ts';
import type { Rule } from '../rule.ts';

/** Anything else is a template's placeholder, not a name. */
const VOLUME_KEY = /^[a-zA-Z0-9][a-zA-Z0-9._-]*$/;

const rule: Rule = {
  name: 'undeclared-volume',
  severity: 'error',
  summary: 'A service uses a named volume that no top-level `volumes:` declares.',
  rationale: 'Compose refuses the whole project: nothing starts until the volume is declared.',
  bad: 'services:\n  db:\n    image: mariadb:11\n    volumes:\n      - db_data:/var/lib/mysql\n',
  good: 'services:\n  db:\n    image: mariadb:11\n    volumes:\n      - db_data:/var/lib/mysql\n\nvolumes:\n  db_data:\n',
  fixSafety: 'safe',
  fixNote: 'Nothing runs without the declaration, so nothing can be moved by adding it.',
  since: '0.1.0',
  refusal: true,
  *check({ analysed: { project } }) {
    // Podman makes a volume that is only named.
    if (project.incomplete || project.runtime === 'quadlet') return;
    for (const service of project.services) {
      for (const mount of service.mounts) {
        const { source } = mount;
        if (mount.type !== 'volume' || mount.from !== 'volumes' || source === undefined) continue;
        if (mount.unresolved.length > 0 || project.volumes.has(source) || service.broken || !VOLUME_KEY.test(source))
          continue;
        const span = mount.sourceSpan ?? mount.span;
        const root = project.roots.get(span.source.path);
        yield {
          severity: 'error',
          message: `the volume ${source} is not declared: Compose refuses to start until it stands in the top-level volumes`,
          span,
          service: service.name,
          related: [],
          fixes: () => {
            const edits = root && addTopLevelVolume(root, span.source, source);
            return edits ? [{ title: `Declare the volume ${source}`, safety: 'safe', edits }] : [];
          },
        };
      }
    }
  },
};

export default rule;
