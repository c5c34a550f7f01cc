import { moves } from '../../catalogue/match.ts';
import type { Family } from '../../catalogue/model.ts';
import type { Files } from '../../files.ts';
import type { Runtime } from '../../project/model.ts';
import type { AnalysedService, AnalysedStore, FamilyMatch } from '../../stores/model.ts';
import { isWithin } from '../../survival/backing.ts';
import type { BackingType } from '../../survival/words.ts';
import { diagnose } from '../diagnosis.ts';
import { asSure, isPinned } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import { pinMajor } from '../pin.ts';
import type { Fix, Rule, RuleContext } from '../rule.ts';

/** What the next container of the service opens again, the volume that the image declares included. */
const CARRIED: ReadonlySet<BackingType> = new Set([
  'named-volume',
  'external-volume',
  'bind-mount',
  'network-volume',
  'anonymous-volume',
]);

/** Where a mount is on the wrong path for the newest version, another rule says so. */
function carried(analysed: AnalysedService, runtime: Runtime, files: Files): AnalysedStore | undefined {
  const { service, stores, image } = analysed;
  if (service.broken) return undefined;
  return stores.find((one) => {
    const { store, backing } = one;
    if (store.technology !== image.match?.family.id || store.role !== 'server') return false;
    if (store.kind !== 'essential' || store.need !== 'required' || !CARRIED.has(backing.type)) return false;
    // Quadlet removes it at every stop: whatever version comes next begins with nothing.
    if (runtime === 'quadlet' && backing.type === 'anonymous-volume') return false;
    if (service.mounts.some(({ type, target }) => type === 'tmpfs' && isWithin(target, store.path ?? '/')))
      return false;
    const diagnosis = diagnose(analysed, one, files);
    return diagnosis === null || diagnosis.kind === 'missing' || diagnosis.kind === 'anonymous';
  });
}

const rule: Rule = {
  name: 'floating-tag-on-datastore',
  severity: 'warning',
  summary: 'The tag of a database names no version, and another major version does not open its files.',
  rationale:
    'With `latest`, or with no tag at all, the next `pull` may bring another major version. PostgreSQL then refuses to start on the old files, MongoDB and Elasticsearch refuse when a major version was skipped, and none of them goes back. That holds for the images of other vendors as well, since the server is the same. Of servers that take over all older files, as MariaDB does, it is only said that there is no way back, or, as of Chroma, that the data was moved. The data is still there, but the service is down until it is dumped and loaded with the old version. Of Qdrant the minor version counts: it takes over one at a time. Tags that name the version that counts are silent here.',
  bad: 'services:\n  db:\n    image: mongo:latest\n    volumes:\n      - db_data:/data/db\n\nvolumes:\n  db_data:\n',
  good: 'services:\n  db:\n    image: mongo:7\n    volumes:\n      - db_data:/data/db\n\nvolumes:\n  db_data:\n',
  fixSafety: 'migration',
  fixNote:
    'Offered only where the data directory says which major version wrote it. Otherwise pin the version that runs now, not a guess: an older one is refused as well.',
  since: '0.2.0',
  *check(context) {
    const { project, services } = context.analysed;
    const seen = new Set<string>();
    for (const analysed of services) {
      const { match } = analysed.image;
      const majors = match?.family.majors;
      if (!match || !majors || match.lookalike || !isOpen(analysed, majors)) continue;
      if (/^(never|build)$/.test(analysed.service.pullPolicy?.value ?? '')) continue;
      const tag = match.reference.tag;
      // Who follows the series that are kept up for long has chosen to, where each takes over the one before.
      if (majors.compatible === 'forward' && tag === 'lts') continue;
      const kept = carried(analysed, project.runtime, context.files);
      if (!kept) continue;
      // Helpers of the same image on the same data move along with it.
      const same = `${match.family.id} ${kept.backing.source ?? analysed.service.name}`;
      if (seen.has(same)) continue;
      seen.add(same);
      yield {
        severity: majors.compatible ? 'info' : asSure('warning', majors.confidence ?? match.family.confidence),
        message: `${saysOf(match)}: the next pull may bring another ${majors.step ?? 'major'} version, and ${majors.note}; pin the one that wrote ${kept.store.path}`,
        span: match.span,
        service: analysed.service.name,
        store: kept.store,
        related: relatedOf(kept),
        fixes: () => pinned(context, analysed, kept),
      };
    }
  },
};

/** Whether the tag may come to mean a version that counts: `v1` is no pin where minor versions do. */
function isOpen(analysed: AnalysedService, { step }: NonNullable<Family['majors']>): boolean {
  const { match } = analysed.image;
  if (!match || match.openTag) return false;
  const { version, reference } = match;
  if (version !== null) return step === 'minor' && reference.digest === null && !version.includes('.');
  return !isPinned(analysed) && moves(match);
}

function saysOf({ version, reference: { tag } }: FamilyMatch): string {
  if (tag === null) return 'the image has no tag';
  return version === null ? `the tag ${tag} names no version` : `the tag ${tag} names no minor version`;
}

/** Where the data directory is a folder here, the version that wrote it can be read. */
function pinned(context: RuleContext, analysed: AnalysedService, { store, backing }: AnalysedStore): Fix[] {
  if (backing.type !== 'bind-mount' || backing.source === undefined || backing.target !== store.path) return [];
  return pinMajor(context, analysed, backing.source);
}

export default rule;
