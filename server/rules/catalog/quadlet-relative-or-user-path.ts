import { replaceSpan } from '../../fixes/edits.ts';
import { takesVolume } from '../../fixes/volumes.ts';
import type { Mount, Project, Service } from '../../project/model.ts';
import { textOf } from '../../syntax/source.ts';
import type { Fix, Rule } from '../rule.ts';
import { isOfMachine } from '../runs/quadlet.ts';
import { runsOf } from '../runs.ts';

interface Doubt {
  readonly message: string;
  readonly fixes: () => Fix[];
}

/** A setting that is brought along, not a place to write to. */
const FILE = /[^/]\.[a-z0-9]{1,8}$/i;

const rule: Rule = {
  name: 'quadlet-relative-or-user-path',
  severity: 'info',
  summary: 'The path of a mount in a unit means another folder than it seems to.',
  rationale:
    'A unit is not read by a shell. `~` is not replaced, so Podman takes `~/data` for the name of a volume and refuses it: `%h` is the home of the user. A path that begins with a dot lies beside the unit, in the folder that systemd reads its settings from, wherever the units are copied to. And for units of the machine `%h` is the home of root.',
  bad: '[Container]\nImage=docker.io/library/postgres:16\nVolume=~/postgres:/var/lib/postgresql/data\n',
  good: '[Container]\nImage=docker.io/library/postgres:16\nVolume=%h/postgres:/var/lib/postgresql/data\n',
  fixSafety: 'both',
  fixNote:
    'With `~` nothing starts, so nothing can be moved by writing `%h`. A folder beside the unit is in use: what it holds has to be copied.',
  since: '0.2.0',
  references: [
    'https://docs.podman.io/en/latest/markdown/podman-systemd.unit.5.html',
    'https://www.freedesktop.org/software/systemd/man/latest/systemd.unit.html#Specifiers',
  ],
  *check({ analysed: { project } }) {
    if (project.runtime !== 'quadlet') return;
    for (const service of project.services) {
      for (const mount of service.mounts) {
        if (mount.from !== 'volumes' || service.broken || !takesVolume(service, mount)) continue;
        const doubt = doubtOf(project, service, mount);
        if (!doubt) continue;
        yield { ...doubt, severity: 'info', span: mount.sourceSpan ?? mount.span, service: service.name, related: [] };
      }
    }
  },
};

function doubtOf(project: Project, service: Service, mount: Mount): Doubt | undefined {
  const { sourceText = '', target } = mount;
  if (/^~(\/|$)/.test(sourceText))
    return {
      message: `~ is not replaced in units: Podman takes ${sourceText} for the name of a volume and refuses to start; the home of the user is %h`,
      fixes: () => home(mount),
    };
  if (mount.type === 'volume' && /^[\w-][^:]*\//.test(sourceText))
    return {
      message: `${sourceText} is neither a path nor the name of a volume, and Podman refuses to start: a path begins with /, with %h/ or, beside the unit, with ./`,
      fixes: () => [],
    };
  if (mount.readOnly || FILE.test(target)) return undefined;
  if (mount.type === 'bind' && /^\.{1,2}(\/|$)/.test(sourceText))
    return {
      message: `${sourceText} lies beside the unit, in the folder that systemd reads units from: data in ${target} is not found again when the units are copied to another place`,
      fixes: () => inHome(project, service, mount),
    };
  if (isOfMachine(project) && /^%h(\/|$)/.test(sourceText))
    return {
      message: `%h is /root for units of the machine: ${sourceText} is not in the home of a user`,
      fixes: () => [],
    };
  return undefined;
}

function home({ sourceSpan, sourceText }: Mount): Fix[] {
  if (!sourceSpan || sourceText === undefined || textOf(sourceSpan) !== sourceText) return [];
  const { source, start } = sourceSpan;
  const edits = [replaceSpan({ source, start, end: start + 1 }, '%h')];
  return [{ title: `Write %h${sourceText.slice(1)}`, safety: 'safe', edits }];
}

/** Where programs of a user keep their data; Podman does not make the folder. */
function inHome(project: Project, service: Service, { sourceSpan, sourceText, source }: Mount): Fix[] {
  const name = sourceText?.replace(/^(\.{1,2}\/)+/, '').replace(/\/+$/, '') ?? '';
  if (!sourceSpan || textOf(sourceSpan) !== sourceText || !/^[\w-][\w./-]*$/.test(name) || isOfMachine(project))
    return [];
  const runs = runsOf(project);
  const place = `.local/share/${service.name}/${name}`;
  const steps = [
    `Stop the unit: ${runs.stop(project, service)}`,
    `Make the folder, which has to be new: mkdir -p ~/${place} && ls -A ~/${place}`,
    `Copy what is in the folder beside the unit that is in use: podman unshare cp -a ${source === undefined ? name : `<folder of the units>/${name}`}/. ~/${place}/`,
    `Apply this change, then: ${runs.up(project, service)}. Keep the old folder until you have seen your data`,
  ];
  return [
    {
      title: `Keep it in %h/${place}`,
      safety: 'migration',
      edits: [replaceSpan(sourceSpan, `%h/${place}`)],
      steps,
    },
  ];
}

export default rule;
