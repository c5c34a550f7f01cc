import { replaceSpan } from '../../fixes/edits.ts';
import type { Mount } from '../../project/model.ts';
import type { AnalysedProject, AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { coveringMount } from '../../survival/backing.ts';
import { textOf } from '../../syntax/source.ts';
import { volumeFix } from '../fixes.ts';
import { isReadReplica } from '../guards/elsewhere.ts';
import { finding, losses, relatedOf } from '../losses.ts';
import type { Fix, Rule, RuleContext } from '../rule.ts';
import { runsOf } from '../runs.ts';

const rule: Rule = {
  name: 'read-only-data-mount',
  severity: 'error',
  summary: 'A server cannot write to its own data directory.',
  rationale:
    'With `:ro` on the data directory, or `read_only: true` on the service and nothing mounted there, the server does not start, or starts and fails at the first write. A second service that reads what another one writes is no server of it and is left alone.',
  bad: 'services:\n  vectors:\n    image: qdrant/qdrant:v1.12.0\n    volumes:\n      - vectors_data:/qdrant/storage:ro\n\nvolumes:\n  vectors_data:\n',
  good: 'services:\n  vectors:\n    image: qdrant/qdrant:v1.12.0\n    volumes:\n      - vectors_data:/qdrant/storage\n\nvolumes:\n  vectors_data:\n',
  fixSafety: 'migration',
  fixNote:
    'The server writes to what is mounted from then on. Where the mount is read-only to protect a copy, mount a copy of it instead.',
  since: '0.2.0',
  *check(context) {
    const { analysed: project } = context;
    for (const analysed of project.services) {
      for (const one of analysed.stores) {
        const mount = readOnlyMount(project, analysed, one);
        if (!mount) continue;
        yield {
          severity: 'error',
          message: `${mount.target} is mounted read-only: ${one.store.title} cannot write its data there`,
          span: mount.span,
          service: analysed.service.name,
          store: one.store,
          related: relatedOf(one),
          fixes: () => writable(context, analysed, mount),
        };
      }
    }
    for (const loss of losses(context, 'read-only')) {
      const { analysed, one, directory } = loss;
      yield finding(context, loss, 'error', {
        message: `no volume for ${directory}: ${readOnlyIn(context)}, so ${one.store.title} cannot write its data there`,
        span: analysed.service.key,
        fixes: () => volumeFix(context, analysed, one, directory),
      });
    }
  },
};

const readOnlyIn = ({ analysed: { project } }: RuleContext): string =>
  project.runtime === 'quadlet' ? 'the unit says ReadOnly=' : 'the service is read_only';

function readOnlyMount(project: AnalysedProject, analysed: AnalysedService, one: AnalysedStore): Mount | undefined {
  const { store, backing } = one;
  if (!backing.readOnly || analysed.service.broken || store.path === null) return undefined;
  // What an application opens may be a reference that comes with it.
  if (store.role !== 'server' || store.kind !== 'essential' || store.need !== 'required') return undefined;
  if (backing.type === 'tmpfs' || backing.type === 'image' || isReadReplica(analysed)) return undefined;
  const mount = coveringMount(store.path, analysed.service.mounts);
  if (!mount || mount.unresolved.length > 0 || isWritten(project, analysed, mount)) return undefined;
  return mount;
}

/** Another service writes there: this one reads along. */
const isWritten = ({ services }: AnalysedProject, analysed: AnalysedService, mount: Mount): boolean =>
  services.some(
    (other) =>
      other !== analysed &&
      other.service.mounts.some((one) => !one.readOnly && one.type === mount.type && one.source === mount.source),
  );

/** Takes `ro` out of the options of the short form; `read_only` of the long form says `false`. */
function writable({ analysed: { project } }: RuleContext, { service }: AnalysedService, mount: Mount): Fix[] {
  if (mount.from !== 'volumes') return [];
  const text = textOf(mount.span);
  const short = /:((?:[A-Za-z]+,)*?)ro((?:,[A-Za-z]+)*)(["']?)$/.exec(text);
  const long = /(\bread_only\s*:\s*)true\b/.exec(text);
  const options = short ? `${short[1]}${short[2]}`.replace(/^,|,$/g, '').replace(/,,/g, ',') : '';
  const found = short
    ? { at: short.index, length: short[0].length, text: `${options ? `:${options}` : ''}${short[3]}` }
    : long && { at: long.index, length: long[0].length, text: `${long[1]}false` };
  if (!found) return [];
  const { source, start } = mount.span;
  const runs = runsOf(project);
  const steps = [
    `See what is mounted there: ${runs.mounts(project, service)}`,
    'If it is a copy that must stay as it is, copy it and mount that one instead',
    `Apply this change, then: ${runs.up(project, service)}`,
  ];
  return [
    {
      title: `Let ${service.name} write to ${mount.target}`,
      safety: 'migration',
      edits: [replaceSpan({ source, start: start + found.at, end: start + found.at + found.length }, found.text)],
      steps,
    },
  ];
}

export default rule;
