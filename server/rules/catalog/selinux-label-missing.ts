import { insertAt } from '../../fixes/edits.ts';
import { entryAt } from '../../fixes/unit-lines.ts';
import type { Mount, Project, Service } from '../../project/model.ts';
import { ownEntries, type QuadletUnit } from '../../project/quadlet/model.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { textOf } from '../../syntax/source.ts';
import { all, flag, last } from '../../syntax/unit/lookup.ts';
import { isOpen } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import type { Fix, Rule } from '../rule.ts';
import { runsOf } from '../runs.ts';
import { nameOf } from '../steps.ts';

/** A label goes to everything below: these belong to the system, to a person or to many programs, or are no folders of a local disk. */
const NOT_OURS = [
  /^\/$/,
  /^\/(bin|boot|dev|etc|lib\w*|proc|root|run|sbin|sys|tmp|usr|mnt|media)(\/|$)/,
  /^\/(home|opt|srv|var)(\/[^/]+)?$/,
  /^\/var\/(tmp|run|log|lib\/containers)(\/|$)/,
  /^%h$/,
  /^%h\/\.[^/]+$/,
  /^%h\/\.local\/share$/,
  /^%h\/(\.(ssh|gnupg|config|cache)|Desktop|Documents|Downloads|Music|Pictures|Public|Videos)(\/|$)/,
  /^%[^h]/,
  /\.sock(et)?$/,
];

const isOurs = (source: string): boolean => {
  const at = source.replace(/\/+$/, '') || '/';
  return !NOT_OURS.some((pattern) => pattern.test(at));
};

const rule: Rule = {
  name: 'selinux-label-missing',
  severity: 'hint',
  summary: 'A folder of the host is mounted without a label that lets the container write to it.',
  rationale:
    'On Fedora, RHEL and their like SELinux lets a container read and write only what has the label of containers. A folder of the host has another one, so the server is refused its own data directory. `:Z` gives the folder, and everything below it, a label for this container alone; `:z` one for all containers. It is never right for a home, for `/usr` or for a socket, and not needed for volumes.',
  bad: '[Container]\nImage=docker.io/library/postgres:16\nVolume=/srv/postgres/data:/var/lib/postgresql/data\n',
  good: '[Container]\nImage=docker.io/library/postgres:16\nVolume=/srv/postgres/data:/var/lib/postgresql/data:Z\n',
  fixSafety: 'migration',
  fixNote: 'The data stays where it is, and Podman changes the labels of all of it at the next start.',
  since: '0.2.0',
  references: [
    'https://docs.podman.io/en/latest/markdown/podman-run.1.html#volume-v-source-volume-host-dir-container-dir-options',
  ],
  *check({ analysed: { project, services } }) {
    if (project.runtime !== 'quadlet') return;
    for (const analysed of services) {
      const { service, stores } = analysed;
      if (!service.unit || service.broken || isUnconfined(service.unit)) continue;
      for (const mount of service.mounts) {
        const one = stores.find(({ backing }) => backing.span === mount.span);
        if (!one || !lacksLabel(mount) || one.store.kind === 'cache') continue;
        yield {
          severity: 'hint',
          message: `${mount.sourceText} has no label for containers: where SELinux is on (Fedora, RHEL) ${service.name} cannot write to ${mount.target}`,
          span: mount.span,
          service: service.name,
          store: one.store,
          related: relatedOf(one),
          fixes: () => labelled(project, analysed, mount),
        };
      }
    }
  },
};

const lacksLabel = (mount: Mount): boolean =>
  mount.type === 'bind' &&
  mount.from === 'volumes' &&
  mount.selinux === undefined &&
  !mount.readOnly &&
  !isOpen(mount) &&
  mount.source !== undefined &&
  isOurs(mount.source);

/** SELinux does not look at this container, or what it is to do is told in arguments. */
function isUnconfined(unit: QuadletUnit): boolean {
  const entries = ownEntries(unit);
  if (unit.kind !== 'container' || flag(entries, 'SecurityLabelDisable')) return true;
  if (last(entries, 'SecurityLabelType') || last(entries, 'SecurityLabelNested')) return true;
  return all(entries, 'PodmanArgs').some(({ value }) => /--privileged|label[=:]/.test(value.text));
}

function labelled(project: Project, { service }: AnalysedService, mount: Mount): Fix[] {
  const own = service.unit && entryAt(service.unit, mount.span, ['Volume']);
  const text = textOf(mount.span);
  if (!own || !/^[^\s"']+$/.test(text)) return [];
  const label = isShared(project, service, mount) ? 'z' : 'Z';
  const at = nameOf(project, mount.source ?? '');
  const steps = [
    `Look at what is below ${at}: all of it gets a label that only ${label === 'Z' ? 'this container' : 'containers'} and unconfined programs may use`,
    `Apply this change, then: ${runsOf(project).up(project, service)}`,
  ];
  const edits = [insertAt(mount.span.source, mount.span.end, `${text.split(':').length > 2 ? ',' : ':'}${label}`)];
  return [{ title: `Give it a label (:${label})`, safety: 'migration', edits, steps }];
}

/** Another container mounts it, or a folder in or around it. */
const isShared = ({ services }: Project, service: Service, { source = '' }: Mount): boolean =>
  services.some(
    (other) =>
      other !== service &&
      other.mounts.some(
        (mount) =>
          mount.type === 'bind' &&
          mount.source !== undefined &&
          (`${mount.source}/`.startsWith(`${source}/`) || `${source}/`.startsWith(`${mount.source}/`)),
      ),
  );

export default rule;
