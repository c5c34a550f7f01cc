import type { Files } from '../../files.ts';
import { addMapEntry } from '../../fixes/map.ts';
import { fillNull } from '../../fixes/places.ts';
import type { AnalysedProject, AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { isNull } from '../../syntax/tree.ts';
import { asSure, isKept, type Place, placeOf } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import type { Edit, Fix, Rule, RuleContext } from '../rule.ts';

interface Held {
  readonly analysed: AnalysedService;
  readonly one: AnalysedStore;
  readonly place: Place;
}

/** The data of a service that lasts, in the order in which it was found. */
function held(analysed: AnalysedService, { project }: AnalysedProject): Held[] {
  return analysed.stores.flatMap((one): Held[] => {
    if (!isKept(one) || one.store.evidence[0].from === 'mount' || analysed.image.match?.lookalike) return [];
    const place = placeOf(one, analysed, project);
    return place ? [{ analysed, one, place }] : [];
  });
}

/** What took the place of this data: the same technology, or else the only server that there is now. */
function successor(old: Held, now: readonly Held[]): Held | undefined {
  const same = now.filter(({ one }) => one.store.technology === old.one.store.technology);
  const found =
    same.find(({ one }) => one.store.path === old.one.store.path) ?? (same.length === 1 ? same[0] : undefined);
  if (found || old.one.store.role !== 'server' || same.length > 0) return found;
  const servers = now.filter(({ one }) => one.store.role === 'server');
  return servers.length === 1 ? servers[0] : undefined;
}

const differ = (a: Place, b: Place): boolean => a.root !== b.root || a.inside !== b.inside;

/** Somebody has put the data into the new folder already. */
const isCarried = ({ place }: Held, files: Files): boolean =>
  place.root === 'host' && files.list(place.inside).some(({ name }) => !/^\.git(keep|ignore)$/.test(name));

const nameOf = ({ root, inside, mount }: Place): string =>
  root === 'host' ? (mount.sourceText ?? inside) : inside === '/' ? root : `${root} (${inside.slice(1)})`;

const rule: Rule = {
  name: 'volume-identity-changed',
  severity: 'warning',
  summary: 'Since the last commit a database is looked for in another volume.',
  rationale:
    'A volume is found by its name on the engine, which is made of the name of the project and the key, or of its `name`. A change of any of them makes `up` create a new, empty volume. Nothing is deleted: the data is still in the old one, and nobody looks there. The file is compared with what git has at HEAD.',
  bad: '# committed: pgdata:/var/lib/postgresql/data\nservices:\n  db:\n    image: postgres:16\n    volumes:\n      - db_data:/var/lib/postgresql/data\n\nvolumes:\n  db_data:\n',
  good: '# committed: pgdata:/var/lib/postgresql/data\nservices:\n  db:\n    image: postgres:16\n    volumes:\n      - db_data:/var/lib/postgresql/data\n\nvolumes:\n  db_data:\n    name: shop_pgdata\n',
  fixSafety: 'migration',
  fixNote: 'The old volume is named, so that it is found under its new key.',
  since: '0.2.0',
  *check(context) {
    const { analysed: now, before, files } = context;
    if (!before) return;
    for (const analysed of now.services) {
      const then = before.services.find(({ service }) => service.name === analysed.service.name);
      if (!then || analysed.service.broken) continue;
      const current = held(analysed, now);
      for (const old of held(then, before)) {
        const found = successor(old, current);
        if (!found || !differ(old.place, found.place) || isCarried(found, files)) continue;
        const { store } = found.one;
        const volume = now.project.volumes.get(found.place.mount.source ?? '');
        const same = volume && found.place.mount.source === old.place.mount.source;
        yield {
          severity: asSure('warning', store.confidence, old.one.store.confidence),
          message: `at the last commit ${old.one.store.title} data of ${analysed.service.name} was in ${nameOf(old.place)}, now it is looked for in ${nameOf(found.place)}: unless it is copied there, ${now.project.runtime === 'quadlet' ? 'the unit' : 'the next `up`'} starts without it`,
          span: same ? volume.span : (found.place.mount.sourceSpan ?? found.place.mount.span),
          service: analysed.service.name,
          store,
          related: relatedOf(found.one),
          fixes: () => keepName(context, old, found),
        };
      }
    }
  },
};

/** `name:` of the old volume at the key of the new one. */
function keepName({ analysed: { project } }: RuleContext, old: Held, found: Held): Fix[] {
  if (old.place.root === 'host' || found.place.root === 'host' || old.place.inside !== found.place.inside) return [];
  if (old.one.store.technology !== found.one.store.technology) return [];
  const edits = named(old.place.root, found, project);
  if (!edits) return [];
  const { name } = found.analysed.service;
  const steps = [
    `See that the old volume is there and holds the data: docker volume inspect ${old.place.root}`,
    `Apply this change, then: docker compose up -d ${name}. Compose warns that it did not make the volume for this project`,
    `To move to the new volume instead: docker compose stop ${name}; docker run --rm -v ${old.place.root}:/from:ro -v ${found.place.root}:/to alpine cp -a /from/. /to/`,
  ];
  return [{ title: `Go on with the volume ${old.place.root}`, safety: 'migration', edits, steps }];
}

function named(old: string, found: Held, project: AnalysedProject['project']): Edit[] | null {
  const volume = project.volumes.get(found.place.mount.source ?? '');
  if (!volume || volume.external || volume.node?.entries.has('name')) return null;
  const { source } = volume.span;
  if (volume.node) return addMapEntry(volume.node, 'name', old, source);
  const all = project.roots.get(source.path)?.entries.get('volumes')?.value;
  const entry = all?.kind === 'map' ? all.entries.get(volume.key) : undefined;
  if (all?.kind !== 'map' || !entry || entry.inherited || entry.alias || !isNull(entry.value)) return null;
  return fillNull(source, all, entry, { head: '', lines: [`  name: ${old}`], flow: `{ name: ${old} }` });
}

export default rule;
