import type { TopLevelVolume } from '../../project/model.ts';
import type { AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { fragile } from '../fragile.ts';
import { asSure, isKept } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import { ownVolume } from '../own-volume.ts';
import type { Finding, Rule } from '../rule.ts';

type Verdict = Pick<Finding, 'severity' | 'message'>;

const RELATIONAL = /^(postgres|pgvector|postgis|timescaledb|mysql|mariadb|percona-server|mongo)$/;

const kindOf = ({ driver, driverOpts }: TopLevelVolume): string => {
  const type = driverOpts.get('type') || driver || 'network';
  return /^(nfs|cifs|smb)/i.test(type) ? type.replace(/[0-9.]+$/, '').toUpperCase() : type;
};

function verdictOf(analysed: AnalysedService, one: AnalysedStore, volume: TopLevelVolume): Verdict | undefined {
  const { store } = one;
  const where = kindOf(volume);
  const weak = fragile(one, analysed);
  if (weak)
    return {
      severity: asSure('warning', weak.confidence, store.confidence),
      message: `${store.path} is on ${where} and holds ${weak.what}: ${weak.why}`,
    };
  if (store.role !== 'server' || !RELATIONAL.test(store.technology) || analysed.image.match?.lookalike)
    return undefined;
  const options = (volume.driverOpts.get('o') ?? '').split(',').map((option) => option.trim());
  const soft = options.find((option) => option === 'soft' || option === 'nolock');
  if (where === 'NFS' && soft === undefined) return undefined;
  const what =
    soft === 'soft'
      ? 'when the server is away for a while, writes fail that were taken for done'
      : soft === 'nolock'
        ? 'nothing keeps a second server on another machine from the same files'
        : where === 'CIFS'
          ? 'it keeps neither owners nor modes, and the server refuses a directory that others may read'
          : undefined;
  return what === undefined
    ? undefined
    : {
        severity: 'info',
        message: `${store.path} is on ${where}${soft ? ` with ${soft}` : ''} and holds ${store.title} data: ${what}`,
      };
}

const rule: Rule = {
  name: 'database-on-network-filesystem',
  severity: 'warning',
  summary: 'A database that needs a local disk is on a network file system.',
  rationale:
    'SQLite relies on file locks and on memory that processes share, and neither works over NFS or SMB. Qdrant says that it does not run there at all. The damage comes slowly, and backups of it look fine. Servers such as PostgreSQL can work on NFS when it is mounted hard and with locks.',
  bad: 'services:\n  vectors:\n    image: qdrant/qdrant:v1.12.0\n    volumes:\n      - vectors:/qdrant/storage\n\nvolumes:\n  vectors:\n    driver_opts:\n      type: nfs\n      o: addr=10.0.0.5,rw\n      device: ":/vectors"\n',
  good: 'services:\n  vectors:\n    image: qdrant/qdrant:v1.12.0\n    volumes:\n      - vectors:/qdrant/storage\n\nvolumes:\n  vectors:\n',
  fixSafety: 'migration',
  fixNote: 'The data has to be copied from the server to the local volume.',
  since: '0.2.0',
  references: ['https://www.sqlite.org/wal.html', 'https://qdrant.tech/documentation/guides/installation/'],
  *check(context) {
    const { project, services } = context.analysed;
    for (const analysed of services) {
      for (const one of analysed.stores) {
        const { backing, store } = one;
        if (analysed.service.broken || backing.type !== 'network-volume' || backing.readOnly) continue;
        const volume = project.volumes.get(backing.source ?? '');
        const mount = analysed.service.mounts.find(({ span }) => span === backing.span);
        const verdict = volume && (isKept(one) || store.role === 'embedded') && verdictOf(analysed, one, volume);
        if (!verdict || !mount) continue;
        yield {
          ...verdict,
          span: mount.sourceSpan ?? mount.span,
          service: analysed.service.name,
          store,
          related: [
            ...relatedOf(one),
            { from: 'mount', note: `${volume.key} is on a server`, span: volume.span, confidence: 'primary' },
          ],
          fixes: () => ownVolume(context, analysed, mount, (name) => `Keep it in the local volume ${name}`),
        };
      }
    }
  },
};

export default rule;
