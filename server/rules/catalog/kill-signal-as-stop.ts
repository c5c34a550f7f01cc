import { removeMapEntry } from '../../fixes/map.ts';
import type { AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { isCache, isRedisLike } from '../guards.ts';
import { asSure, isKept } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import type { Fix, Rule, Severity } from '../rule.ts';
import { kills } from '../scripts/kills.ts';

interface Verdict {
  readonly severity: Severity;
  readonly what: string;
}

const POSTGRES = /^(postgres|pgvector|postgis|postgres-.+|timescaledb.*)$/;

/** What this signal does to the program as it stops; undefined where it is a way to end cleanly. */
function verdictOf(signal: string, title: string, family: string | undefined): Verdict | undefined {
  const name = signal.toUpperCase().replace(/^SIG/, '');
  if (name === 'KILL' || name === '9')
    return { severity: 'warning', what: `${title} is killed, without a chance to write what it holds` };
  if (!POSTGRES.test(family ?? '')) return undefined;
  if (name === 'QUIT' || name === '3')
    return {
      severity: 'warning',
      what: `${title} breaks off without a checkpoint and has to recover at the next start`,
    };
  if (name === 'TERM' || name === '15')
    return {
      severity: 'info',
      what: `${title} waits until all clients have gone, and is killed when the grace period ends first`,
    };
  return undefined;
}

const keptIn = ({ service, stores }: AnalysedService): AnalysedStore | undefined =>
  service.broken ? undefined : stores.find((one) => isKept(one) && one.store.evidence[0].from !== 'mount');

const rule: Rule = {
  name: 'kill-signal-as-stop',
  about: ['project', 'script'],
  severity: 'warning',
  summary: 'A database is stopped with a signal that gives it no time to end cleanly.',
  rationale:
    '`stop`, `restart`, `down` and every recreate send the stop signal and wait. SIGKILL cannot be waited for: the server ends in the middle of what it is writing, each time. `docker kill` and `docker compose kill` in a script do the same. PostgreSQL ends quickly and cleanly on SIGINT, which its image sets.',
  bad: 'services:\n  db:\n    image: postgres:16\n    stop_signal: SIGKILL\n    volumes:\n      - db_data:/var/lib/postgresql/data\n\nvolumes:\n  db_data:\n',
  good: 'services:\n  db:\n    image: postgres:16\n    volumes:\n      - db_data:/var/lib/postgresql/data\n\nvolumes:\n  db_data:\n',
  fixSafety: 'safe',
  fixNote: 'Without the line the signal of the image counts; `stop` in place of `kill` sends it, and waits.',
  since: '0.2.0',
  references: ['https://www.postgresql.org/docs/current/server-shutdown.html'],
  *check(context) {
    if (context.script) {
      yield* kills(context, (one) => (isRedisLike(one) && isCache(one) ? undefined : keptIn(one)));
      return;
    }
    for (const analysed of context.analysed.services) {
      const { service, image } = analysed;
      const signal = service.stopSignal;
      if (!signal || signal.unresolved.length > 0 || (isRedisLike(analysed) && isCache(analysed))) continue;
      const kept = keptIn(analysed);
      const family = image.match?.lookalike ? undefined : image.match?.family.id;
      const verdict = kept && verdictOf(signal.value, kept.store.title, family);
      if (!kept || !verdict) continue;
      yield {
        severity: asSure(verdict.severity, kept.store.confidence),
        message: `stop_signal ${signal.value}: at every stop, restart and recreate ${verdict.what} (${kept.store.path})`,
        span: signal.span,
        service: service.name,
        store: kept.store,
        related: relatedOf(kept),
        fixes: () => withoutSignal(analysed),
      };
    }
  },
};

function withoutSignal({ service }: AnalysedService): Fix[] {
  const node = service.declarations.findLast(({ node }) => node?.entries.has('stop_signal'))?.node;
  const edits = node && removeMapEntry(node, 'stop_signal');
  return edits ? [{ title: 'Stop it with the signal of its image', safety: 'safe', edits }] : [];
}

export default rule;
