/** Prometheus: what it stores comes from elsewhere, so nothing is planted in it. */
import * as path from 'node:path';
import { asked, at, flag, number, portOf, text } from './http.ts';
import { type Ask, type Probe, Unable } from './probe.ts';

const PORT = 9090;
/** What the server says before there is any sample: the largest time. */
const NONE = 9e15;
/** s; near the end of the retention the oldest sample moves on of its own accord. */
const MARGIN = 6 * 3600;
const UNITS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

/** Seconds of `1d12h`; null when it says nothing. */
export function secondsOf(duration: string): number | null {
  const parts = [...duration.matchAll(/(\d+)(ms|[smhdwy])/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== duration) return null;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit!]!, 0);
}

export function metric(page: string, name: string): number | null {
  const line = new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, 'm').exec(page);
  const value = Number(line?.[1] ?? Number.NaN);
  return Number.isNaN(value) ? null : value;
}

function baseOf(ask: Ask): { port: number; prefix: string } {
  const { command } = ask.container;
  const external = flag(command, '--web.external-url');
  const outside = external !== undefined && URL.canParse(external) ? new URL(external).pathname : external;
  const prefix = flag(command, '--web.route-prefix') ?? (outside?.startsWith('/') ? outside : '/');
  const port = portOf(flag(command, '--web.listen-address')) ?? PORT;
  return { port, prefix: `/${prefix.replace(/^\/+|\/+$/g, '')}`.replace(/^\/$/, '') };
}

export const PROMETHEUS: Probe = {
  technologies: ['prometheus'],
  proven: true,
  async read(ask) {
    const { port, prefix } = baseOf(ask);
    const get = (page: string, also: readonly number[] = []) => asked(ask, { port, path: prefix + page }, also);
    const flags = at((await get('/api/v1/status/flags')).json, 'data');
    const run = at((await get('/api/v1/status/runtimeinfo')).json, 'data');
    const agent = text(at(flags, 'agent')) === 'true' || /\bagent\b/.test(text(at(flags, 'enable-feature')) ?? '');
    const told = text(at(flags, agent ? 'storage.agent.path' : 'storage.tsdb.path'));
    if (told === undefined) throw new Unable('the server does not say where it stores');
    const where = path.posix.resolve(text(at(run, 'CWD')) ?? ask.container.workingDirectory, told);
    const evidence = [`its flags say ${agent ? 'storage.agent.path' : 'storage.tsdb.path'} ${told}`];
    if (agent)
      return {
        writesTo: [where],
        fingerprint: null,
        empty: null,
        count: null,
        contents: null,
        weaknesses: [],
        evidence: [...evidence, 'it is an agent, which keeps samples until they are sent on'],
      };
    const lowest = metric((await get('/metrics')).text, 'prometheus_tsdb_lowest_timestamp_seconds');
    const oldest = lowest !== null && lowest < NONE ? lowest : null;
    const series = number(at((await get('/api/v1/status/tsdb', [404])).json, 'data', 'headStats', 'numSeries'));
    const started = Date.parse(text(at(run, 'startTime')) ?? '') / 1000;
    const retention = text(at(run, 'storageRetention')) ?? '';
    const kept = secondsOf(retention.split(' ')[0]!);
    const expiring = oldest !== null && kept !== null && Date.now() / 1000 - oldest > kept - MARGIN;
    if (oldest !== null) evidence.push(`its oldest sample is of ${new Date(oldest * 1000).toISOString()}`);
    if (oldest !== null && oldest >= started - 1) evidence.push('it has no sample from before its start');
    const some = oldest !== null || (series ?? 0) > 0;
    return {
      writesTo: [where],
      fingerprint: oldest === null || expiring ? null : `oldest sample ${oldest}`,
      empty: some ? false : lowest === null && series === undefined ? null : true,
      count: series ?? null,
      contents: series === undefined ? null : `${series} series`,
      weaknesses:
        retention === ''
          ? []
          : [
              {
                setting: `storage.tsdb.retention ${retention}`,
                message: 'samples that are older or more are deleted',
                weight: 'note',
              },
            ],
      evidence,
    };
  },
};
