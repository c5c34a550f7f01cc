import { replaceScalar } from '../../fixes/scalar.ts';
import { addSetting } from '../../fixes/service-key.ts';
import { setUnitKey } from '../../fixes/unit-lines.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { isCache } from '../guards.ts';
import { swallowed } from '../image/swallowed.ts';
import { relatedOf } from '../losses.ts';
import type { Fix, Rule } from '../rule.ts';
import { runsOf } from '../runs.ts';

const ENOUGH_SECONDS = 30;
const DEFAULT_SECONDS = 10;
const UNITS: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 };

/** Seconds of a Go duration such as `1m30s`; undefined for what is none. */
export function seconds(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(h|ms|us|ns|m|s))+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|us|ns|m|s)/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * UNITS[unit!]!,
    0,
  );
}

const rule: Rule = {
  name: 'short-stop-grace-period',
  severity: 'info',
  summary: 'A database may be killed before it has written everything.',
  rationale:
    'At `stop`, `restart`, `down` and every recreate the engine asks the server to end and kills it after ten seconds. A database with much in memory may need longer; killed half-way it has to recover at the next start.',
  bad: 'services:\n  db:\n    image: postgres:16\n    volumes:\n      - db_data:/var/lib/postgresql/data\n\nvolumes:\n  db_data:\n',
  good: 'services:\n  db:\n    image: postgres:16\n    stop_grace_period: 1m30s\n    volumes:\n      - db_data:/var/lib/postgresql/data\n\nvolumes:\n  db_data:\n',
  fixSafety: 'safe',
  fixNote: 'It is the longest time a stop may take: a server that ends sooner is not slowed down.',
  since: '0.1.0',
  *check({ analysed: { project, services }, files }) {
    const { settings } = runsOf(project);
    for (const analysed of services) {
      const { service, image } = analysed;
      const { match } = image;
      if (!match?.family.stop.heavy || match.lookalike || service.broken || isCache(analysed)) continue;
      const kept = analysed.stores.find(
        ({ store, backing }) =>
          store.role === 'server' &&
          store.kind === 'essential' &&
          store.need === 'required' &&
          backing.type !== 'unknown',
      );
      if (!kept) continue;
      const written = service.stopGracePeriod;
      if (written && written.unresolved.length > 0) continue;
      const granted = written ? seconds(written.value) : DEFAULT_SECONDS;
      if (granted === undefined || granted >= ENOUGH_SECONDS) continue;
      // The signal never arrives: each stop would only take longer, and end in the same way.
      if (swallowed(analysed, files)) continue;
      yield {
        severity: 'info',
        message: `${kept.store.title} is killed ${granted} seconds after it is asked to stop: set ${settings.stop} so that it can write everything and end cleanly`,
        span: written?.span ?? service.key,
        service: service.name,
        store: kept.store,
        related: relatedOf(kept),
        fixes: () => longer(analysed),
      };
    }
  },
};

/** After a minute and a half systemd itself kills what has not stopped: Podman has to be done before. */
const UNIT_SECONDS = '60';

function longer({ service }: AnalysedService): Fix[] {
  const written = service.stopGracePeriod;
  const value = service.unit ? `${UNIT_SECONDS}s` : '1m30s';
  const edits = !written
    ? addSetting(service, { attribute: 'stop_grace_period', value, key: 'StopTimeout', keyValue: UNIT_SECONDS })
    : written.pieces
      ? null
      : service.unit
        ? setUnitKey(service.unit, 'StopTimeout', UNIT_SECONDS)
        : replaceScalar(written.scalar, value);
  return edits ? [{ title: `Give it ${value} to stop`, safety: 'safe', edits }] : [];
}

export default rule;
