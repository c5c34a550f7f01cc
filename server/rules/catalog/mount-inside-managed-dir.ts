import * as path from 'node:path';
import { replaceSpan } from '../../fixes/edits.ts';
import { isBroken, isShared } from '../../fixes/layout.ts';
import type { Mount } from '../../project/model.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { isWithin } from '../../survival/backing.ts';
import { textOf } from '../../syntax/source.ts';
import type { Edit, Fix, Rule, RuleContext } from '../rule.ts';
import { runsOf } from '../runs.ts';

/** A folder that an entrypoint makes equal to the image at each upgrade, and what it leaves alone. */
interface Managed {
  readonly folder: string;
  readonly spared: RegExp;
}

/** `rsync --delete --exclude-from=/upgrade.exclude` in the entrypoint of the official image. */
const MANAGED: Readonly<Record<string, Managed>> = {
  nextcloud: { folder: '/var/www/html', spared: /^(config|data|custom_apps|themes)(\/|$)/ },
};

const rule: Rule = {
  name: 'mount-inside-managed-dir',
  severity: 'warning',
  summary: 'A mount lies in a folder that the image cleans at every upgrade.',
  rationale:
    'At an upgrade the entrypoint of Nextcloud makes `/var/www/html` equal to the new image and deletes everything else there, through mounts as well. Only `config`, `data`, `custom_apps` and `themes` are left alone. What is mounted in another folder of it is gone after the next pull.',
  bad: 'services:\n  cloud:\n    image: nextcloud:29\n    volumes:\n      - html:/var/www/html\n      - ./files:/var/www/html/files\n\nvolumes:\n  html:\n',
  good: 'services:\n  cloud:\n    image: nextcloud:29\n    volumes:\n      - html:/var/www/html\n      - ./files:/mnt/files\n\nvolumes:\n  html:\n',
  fixSafety: 'migration',
  fixNote: 'The files stay where they are on the host; Nextcloud has to be told their new path.',
  since: '0.2.0',
  references: ['https://github.com/nextcloud/docker/blob/master/docker-entrypoint.sh'],
  *check(context) {
    const { services } = context.analysed;
    for (const analysed of services) {
      const { match } = analysed.image;
      const managed = match && !match.lookalike ? MANAGED[match.family.id] : undefined;
      if (!managed || analysed.service.broken) continue;
      // Without a mount of its own the folder is new in each container, and nothing is upgraded in it.
      if (!analysed.service.mounts.some(({ target, type }) => target === managed.folder && type !== 'tmpfs')) continue;
      for (const mount of analysed.service.mounts) {
        if (!isAtRisk(mount, managed)) continue;
        const name = path.posix.relative(managed.folder, mount.target);
        yield {
          severity: 'warning',
          message: `${mount.target} is cleaned at the next upgrade: the entrypoint deletes what the new image does not have below ${managed.folder}, and ${name} is not among the folders it leaves alone`,
          span: mount.targetSpan,
          service: analysed.service.name,
          related: [],
          fixes: () => outside(context, analysed, mount),
        };
      }
    }
  },
};

function isAtRisk(mount: Mount, { folder, spared }: Managed): boolean {
  if (mount.readOnly || mount.from !== 'volumes' || (mount.type !== 'volume' && mount.type !== 'bind')) return false;
  if (mount.target === folder || !isWithin(mount.target, folder)) return false;
  const inside = path.posix.relative(folder, mount.target);
  // A single file is no folder to clean.
  return !spared.test(inside) && !/\.[a-z0-9]{1,5}$/i.test(inside);
}

function outside({ analysed: { project } }: RuleContext, analysed: AnalysedService, mount: Mount): Fix[] {
  const { service } = analysed;
  const target = path.posix.join('/mnt', path.posix.basename(mount.target));
  if (textOf(mount.targetSpan) !== mount.target || service.mounts.some((other) => other.target === target)) return [];
  const settings = moved(analysed, mount.target, target);
  if (!settings) return [];
  return [
    {
      title: `Mount it at ${target}`,
      safety: 'migration',
      edits: [replaceSpan(mount.targetSpan, target), ...settings],
      steps: [
        `The files stay in ${mount.sourceText ?? 'the volume'}. Apply this change, then: ${runsOf(project).up(project, service)}`,
        `Tell Nextcloud the new path: where config.php says ${mount.target} (datadirectory), write ${target}; or add it as external storage`,
      ],
    },
  ];
}

/** Variables that name the folder go along with it. Null where one of them cannot be changed here. */
function moved({ service, environment }: AnalysedService, from: string, to: string): Edit[] | null {
  const edits: Edit[] = [];
  for (const { value, evidence } of environment.values()) {
    if (value === null || !isWithin(value, from)) continue;
    const { span } = evidence;
    const at = span ? textOf(span).lastIndexOf(value) : -1;
    if (!span || at < 0 || !service.declarations.some(({ source }) => source === span.source)) return null;
    const start = span.start + at;
    if (isShared(span.source, start, start + value.length) || isBroken(span.source, start, start + value.length))
      return null;
    edits.push({ source: span.source, start, end: start + from.length, newText: to });
  }
  return edits;
}

export default rule;
