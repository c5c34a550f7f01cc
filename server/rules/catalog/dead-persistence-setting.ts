import { satisfies } from '../../catalogue/match.ts';
import { removeListItem } from '../../fixes/list.ts';
import { removeMapEntry } from '../../fixes/map.ts';
import type { Service } from '../../project/model.ts';
import { cleanTarget } from '../../project/mounts.ts';
import type { AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { isWithin } from '../../survival/backing.ts';
import type { Span } from '../../syntax/source.ts';
import { isKept } from '../claims.ts';
import { DEAD_SETTINGS } from '../families.ts';
import { isDefault, prefixOf, setsOthers } from '../read-as.ts';
import { isDead, variablesOf } from '../read-by.ts';
import type { Finding, Fix, Rule, RuleContext } from '../rule.ts';

const rule: Rule = {
  name: 'dead-persistence-setting',
  severity: 'warning',
  summary: 'A setting about where data is kept has no effect on this image.',
  rationale:
    'Settings outlive the version that read them, or come from the image of another vendor. They look as if the data were taken care of. Where the data really goes is told by the other rules.',
  bad: 'services:\n  chroma:\n    image: chromadb/chroma:1.0.0\n    environment:\n      IS_PERSISTENT: "TRUE"\n    volumes:\n      - chroma_data:/data\n\nvolumes:\n  chroma_data:\n',
  good: 'services:\n  chroma:\n    image: chromadb/chroma:1.0.0\n    volumes:\n      - chroma_data:/data\n\nvolumes:\n  chroma_data:\n',
  fixSafety: 'safe',
  fixNote: 'Nothing reads the setting, so nothing changes without it.',
  since: '0.2.0',
  *check(context) {
    const { services } = context.analysed;
    for (const analysed of services) {
      const { service, image, stores } = analysed;
      yield* unread(analysed, context);
      yield* misspelt(analysed, context);
      const { match } = image;
      // A program of the user's own on top of the image may read what the image does not.
      if (!match || match.lookalike || match.openTag || service.build || service.command || service.entrypoint)
        continue;
      for (const dead of DEAD_SETTINGS[match.family.id] ?? []) {
        if (
          dead.version !== undefined &&
          (match.version === null ? match.reference.digest : !satisfies(match.version, dead.version))
        )
          continue;
        for (const [name, { value, span }] of service.environment) {
          if (!dead.variables.test(name)) continue;
          yield {
            severity: misleads(value, stores) ? 'warning' : 'info',
            message: `${name} has no effect: ${dead.why}`,
            span,
            service: service.name,
            related: [],
            fixes: () => without(service, name, span),
          };
        }
      }
    }
  },
};

/** Variables that name a file which nothing opens. That nothing reads them is seen in the source, and not sure enough to edit by. */
function* unread(analysed: AnalysedService, context: RuleContext): Iterable<Omit<Finding, 'rule'>> {
  if (analysed.service.broken) return;
  for (const one of analysed.stores) {
    // Of a place that is kept nobody need be told.
    if (one.store.technology !== 'sqlite' || isKept(one) || !isDead(one, analysed, context)) continue;
    for (const name of variablesOf(one, analysed)) {
      const entry = analysed.service.environment.get(name);
      if (!entry) continue;
      yield {
        severity: 'info',
        message: `${name} seems to have no effect: nothing in the source of its image reads it, so that no database is made at ${one.store.path}`,
        span: entry.span,
        service: analysed.service.name,
        related: [],
        fixes: () => [],
      };
    }
  }
}

/** `POSTGRES_HOST: db` */
const HOST = /(^|_)(HOST(NAME)?|SERVER|ADDR(ESS)?)$/i;
/** Libraries read these by themselves: those of PostgreSQL, and the likes of dj-database-url. */
const CONVENTION = /^PG[A-Z]+$|(^|_)UR[IL]$/;

/** Names a database of the project by a variable that the program reads under a longer name, as it does the others beside it. */
function* misspelt(analysed: AnalysedService, context: RuleContext): Iterable<Omit<Finding, 'rule'>> {
  const { service, stores, environment } = analysed;
  if (service.broken) return;
  const names = [...service.environment.keys()].filter((name) => /^[A-Z][A-Z0-9_]+$/.test(name));
  for (const name of names) {
    const { value, span } = service.environment.get(name)!;
    const host = value?.replace(/:\d+$/, '') ?? '';
    const server = HOST.test(name) && !CONVENTION.test(name) ? serverCalled(host, analysed, context) : undefined;
    if (!server) continue;
    const stem = name.slice(0, name.lastIndexOf('_') + 1);
    const others = names.filter((other) => other !== name && stem !== '' && other.startsWith(stem));
    const told = [name, ...others];
    const isNamedElsewhere = [...environment].some(
      ([other, entry]) => !told.includes(other) && entry.value?.includes(host),
    );
    const prefix = others.length > 0 && !isNamedElsewhere ? prefixOf(told, analysed, context) : null;
    if (prefix === null || told.some((one) => environment.has(`${prefix}${one}`))) continue;
    if (isDefault(`${prefix}${name}`, host, analysed, context)) continue;
    const embedded = stores.find(
      ({ store }) => store.role === 'embedded' && store.technology === 'sqlite' && store.path,
    );
    const isKnown =
      embedded?.store.confidence !== 'memory' && service.environmentGaps.length === 0 && !setsOthers(analysed, context);
    const where =
      embedded && isKnown ? `, so that ${server} is not used and the data is in ${embedded.store.path}` : '';
    yield {
      severity: where ? 'warning' : 'info',
      message: `${name} has no effect: nothing in the source of its image reads it, but ${prefix}${name}${where}`,
      span,
      service: service.name,
      related: [],
      fixes: () => [],
    };
  }
}

/** What a service of the project is that keeps data and has this name. */
function serverCalled(
  host: string,
  { service }: AnalysedService,
  { analysed: { services } }: RuleContext,
): string | undefined {
  const other = services.find((one) => one.service.name === host && one.service !== service);
  return other?.stores.find(({ store }) => store.role === 'server' && store.kind === 'essential')?.store.title;
}

/** It names a folder, and the data is in another one. Otherwise nothing is lost by it. */
const misleads = (value: string | null, stores: readonly AnalysedStore[]): boolean =>
  value !== null &&
  /^\.?\//.test(value) &&
  !stores.some(
    ({ store }) => store.role === 'server' && (store.path === null || isWithin(store.path, cleanTarget(value))),
  );

function without(service: Service, name: string, span: Span): Fix[] {
  const owner = service.declarations.find(({ source }) => source === span.source)?.node;
  const entry = owner?.entries.get('environment');
  if (!owner || !entry || entry.inherited || entry.alias) return [];
  const under = { owner, key: 'environment' };
  const edits =
    entry.value.kind === 'map'
      ? removeMapEntry(entry.value, name, under)
      : entry.value.kind === 'seq'
        ? removeListItem(
            entry.value,
            entry.value.items.findIndex(({ value }) => value.kind === 'scalar' && value.text.split('=')[0] === name),
            under,
          )
        : null;
  return edits ? [{ title: `Remove ${name}`, safety: 'safe', edits }] : [];
}

export default rule;
