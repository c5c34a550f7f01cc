import { setUnitKey } from '../../fixes/unit-lines.ts';
import type { Mount } from '../../project/model.ts';
import { ownEntries, type QuadletUnit } from '../../project/quadlet/model.ts';
import type { AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { flag, lastEntry } from '../../syntax/unit/lookup.ts';
import type { UnitEntry } from '../../syntax/unit.ts';
import { asSure } from '../kept.ts';
import { dataOf, relatedOf } from '../losses.ts';
import type { Finding, Rule, Severity } from '../rule.ts';

const rule: Rule = {
  name: 'quadlet-kube-down-force',
  severity: 'error',
  summary: 'A unit of Kubernetes YAML removes the volumes of its claims at every stop.',
  rationale:
    'Quadlet stops a `.kube` unit with `podman kube down`. With `KubeDownForce=true` it adds `--force`, and Podman then removes the volumes that stand behind the persistent volume claims of the YAML: at every stop, restart, update and reboot. Without it, which is the default, they stay, and the next start finds them.',
  bad: '# shop.kube\n[Kube]\nYaml=shop.yaml\nKubeDownForce=true\n',
  good: '# shop.kube\n[Kube]\nYaml=shop.yaml\n',
  fixSafety: 'safe',
  fixNote: 'The containers are removed as before; their volumes stay.',
  since: '0.2.0',
  references: [
    'https://docs.podman.io/en/latest/markdown/podman-systemd.unit.5.html',
    'https://docs.podman.io/en/latest/markdown/podman-kube-down.1.html',
  ],
  *check({ analysed: { project, services } }) {
    if (project.runtime !== 'quadlet') return;
    for (const analysed of services) {
      const { unit } = analysed.service;
      const entry = unit?.kind === 'kube' ? forcing(unit) : undefined;
      if (!unit || !entry) continue;
      for (const mount of analysed.service.mounts.filter(isClaim)) {
        const inside = analysed.stores.filter(({ backing }) => backing.span === mount.span && isRemoved(backing));
        // What is known of the data says more than that something is mounted.
        const one = inside.find(({ store }) => store.evidence[0].from !== 'mount') ?? inside[0];
        if (one && one.store.kind !== 'cache') yield removed(analysed, mount, one, unit, entry);
      }
    }
  },
};

function removed(
  { service }: AnalysedService,
  mount: Mount,
  one: AnalysedStore,
  unit: QuadletUnit,
  entry: UnitEntry,
): Omit<Finding, 'rule'> {
  const { store } = one;
  const what = store.technology === 'files' ? `what ${service.name} writes to ${store.path}` : dataOf(one);
  return {
    severity: severityOf(one),
    message: `KubeDownForce removes the volume ${mount.sourceText} every time the unit stops (restart, update, reboot), and ${what} with it`,
    span: entry.span,
    service: service.name,
    store,
    related: [
      ...relatedOf(one),
      { from: 'mount', note: `the claim is mounted at ${mount.target}`, span: mount.span, confidence: 'primary' },
    ],
    fixes: () => {
      const edits = setUnitKey(unit, 'KubeDownForce', 'false');
      return edits ? [{ title: 'Keep the volumes of the claims', safety: 'safe', edits }] : [];
    },
  };
}

/** That the volume goes is certain; what is in it, where it is only mounted, is not. */
function severityOf({ store }: AnalysedStore): Severity {
  if (store.kind === 'rebuildable' || store.kind === 'configuration') return 'info';
  return asSure(store.technology === 'files' ? 'warning' : 'error', store.confidence);
}

const forcing = (unit: QuadletUnit): UnitEntry | undefined =>
  flag(ownEntries(unit), 'KubeDownForce') ? lastEntry(ownEntries(unit), 'KubeDownForce') : undefined;

/** Named by a claim: volumes that a `hostPath` names are left alone. */
function isClaim({ type, sourceSpan }: Mount): boolean {
  if (type !== 'volume' || !sourceSpan) return false;
  const { source, start } = sourceSpan;
  return /claimName:\s*["']?$/.test(source.text.slice(Math.max(0, start - 40), start));
}

/** What only leads to a folder of the host or to another machine outlives its volume. */
const isRemoved = ({ type, elsewhere }: AnalysedStore['backing']): boolean => type === 'named-volume' && !elsewhere;

export default rule;
