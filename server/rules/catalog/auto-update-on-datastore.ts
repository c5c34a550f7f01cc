import { replaceScalar } from '../../fixes/scalar.ts';
import { entryAt, removeUnitLine, setUnitKey } from '../../fixes/unit-lines.ts';
import type { Project } from '../../project/model.ts';
import type { QuadletUnit } from '../../project/quadlet/model.ts';
import type { AnalysedService } from '../../stores/model.ts';
import type { Span } from '../../syntax/source.ts';
import { type Node, valueAt } from '../../syntax/tree.ts';
import { asSure, isPinned, keptByServer } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import type { Edit, Fix, Rule } from '../rule.ts';
import { runsOf } from '../runs.ts';

interface Updater {
  readonly span: Span;
  /** Who exchanges the container, in words. */
  readonly who: string;
  readonly off: string;
  readonly label: string;
}

const WATCHTOWER = 'com.centurylinklabs.watchtower';
const isTrue = (value: string | undefined): boolean => /^(true|1|yes|on)$/i.test(value ?? '');

/** Programs that pull a newer image and exchange the container while nobody looks. */
function updaterOf({ service }: AnalysedService): Updater | undefined {
  const { labelEntries } = service;
  const enabled = labelEntries.get(`${WATCHTOWER}.enable`);
  if (enabled && isTrue(enabled.value) && !isTrue(labelEntries.get(`${WATCHTOWER}.monitor-only`)?.value))
    return { span: enabled.span, who: 'Watchtower', off: 'false', label: enabled.name };
  const podman = labelEntries.get('io.containers.autoupdate');
  if (podman && podman.value === 'registry')
    return { span: podman.span, who: '`podman auto-update`', off: 'disabled', label: podman.name };
  const pull = service.unit && service.pullPolicy;
  if (pull && pull.unresolved.length === 0 && /^(newer|always)$/.test(pull.value))
    return { span: pull.span, who: `Pull=${pull.value}, at each start,`, off: 'missing', label: 'Pull' };
  return undefined;
}

const rule: Rule = {
  name: 'auto-update-on-datastore',
  severity: 'warning',
  summary: 'A database is exchanged for a newer image while nobody looks.',
  rationale:
    'An updater stops the database, pulls what the tag means today and starts that on the old files, at night and without a backup. With a tag that names a version this is a restart at a bad moment. With one that names none it is a major upgrade, which many databases refuse.',
  bad: 'services:\n  db:\n    image: postgres:latest\n    labels:\n      com.centurylinklabs.watchtower.enable: "true"\n    volumes:\n      - db_data:/var/lib/postgresql\n\nvolumes:\n  db_data:\n',
  good: 'services:\n  db:\n    image: postgres:18\n    labels:\n      com.centurylinklabs.watchtower.enable: "false"\n    volumes:\n      - db_data:/var/lib/postgresql\n\nvolumes:\n  db_data:\n',
  fixSafety: 'both',
  fixNote:
    'Updates wait for you from then on, those that close holes as well: it is safe only where the next one may be of another major version.',
  since: '0.2.0',
  references: ['https://containrrr.dev/watchtower/container-selection/'],
  *check({ analysed: { project, services } }) {
    for (const analysed of services) {
      const { match } = analysed.image;
      const updater = updaterOf(analysed);
      if (!match || !updater || match.lookalike || match.reference.digest !== null || match.openTag) continue;
      const kept = keptByServer(analysed)[0];
      const { majors, category } = match.family;
      const isDatabase = /^(database|vector|search|queue|timeseries)$/.test(category);
      const moves = majors !== undefined && !isPinned(analysed);
      if (!kept || (!isDatabase && !moves)) continue;
      yield {
        severity: moves && isDatabase ? asSure('warning', majors.confidence ?? match.family.confidence) : 'info',
        message: moves
          ? `${updater.who} exchanges ${kept.store.title} for whatever the tag means that day, without a backup of ${kept.store.path}: ${majors.note}`
          : `${updater.who} stops and exchanges ${kept.store.title} while nobody looks, without a backup of ${kept.store.path}`,
        span: updater.span,
        service: analysed.service.name,
        store: kept.store,
        related: relatedOf(kept),
        fixes: () => switchedOff(analysed, updater).map((fix) => (moves ? fix : byHand(fix, analysed, project))),
      };
    }
  },
};

/** Within a major version the updater brings what closes holes: somebody has to do that in its place. */
const byHand = (fix: Fix, { service }: AnalysedService, project: Project): Fix => ({
  ...fix,
  safety: 'migration',
  steps: [
    `Decide who pulls newer images of ${service.name} from then on, after a backup: fixes of security holes no longer come by themselves`,
    'Apply this change',
    runsOf(project).up(project, service),
  ],
});

/** Its line, or its value where other labels stand on the line. */
function unitWithout(unit: QuadletUnit, { span, off, label }: Updater): Edit[] | null {
  if (label === 'Pull') return setUnitKey(unit, 'Pull', off);
  const own = entryAt(unit, span, ['AutoUpdate', 'Label']);
  return own ? removeUnitLine(own) : null;
}

function switchedOff({ service }: AnalysedService, updater: Updater): Fix[] {
  if (service.unit) {
    const edits = unitWithout(service.unit, updater);
    return edits ? [{ title: `Take ${service.name} out of the automatic updates`, safety: 'safe', edits }] : [];
  }
  const labels: Node | undefined = service.declarations
    .map(({ node }) => valueAt(node ?? undefined, 'labels'))
    .findLast((node) => node !== undefined);
  if (!labels || labels.kind === 'scalar') return [];
  const title = `Take ${service.name} out of the automatic updates`;
  if (labels.kind === 'map') {
    const entry = labels.entries.get(updater.label);
    const edits =
      entry && !entry.inherited && !entry.alias && entry.value.kind === 'scalar'
        ? replaceScalar(entry.value, updater.off)
        : null;
    return edits ? [{ title, safety: 'safe', edits }] : [];
  }
  const item = labels.items.find(({ value }) => value.kind === 'scalar' && value.text.startsWith(`${updater.label}=`));
  const edits =
    item && !item.alias && item.value.kind === 'scalar'
      ? replaceScalar(item.value, `${updater.label}=${updater.off}`)
      : null;
  return edits ? [{ title, safety: 'safe', edits }] : [];
}

export default rule;
