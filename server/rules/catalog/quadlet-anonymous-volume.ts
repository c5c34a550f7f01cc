import type { Mount } from '../../project/model.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { nameAnonymous, volumeFix } from '../fixes.ts';
import { dataOf, fateSentence, finding, losses } from '../losses.ts';
import { holdsStore, isMask, isNameless } from '../masks.ts';
import { removedAtStop } from '../quadlet.ts';
import type { Finding, Rule, RuleContext } from '../rule.ts';
import { runsOf } from '../runs.ts';

/** Places that programs keep something in, and not only for the moment. */
const DATA_LIKE = /(^|[/._-])(data|db|database|storage|store|state|lib|uploads?|media)([/._-]|$)/i;

const rule: Rule = {
  name: 'quadlet-anonymous-volume',
  severity: 'error',
  summary: 'The data of a unit is in a volume without a name, which Quadlet removes at every stop.',
  rationale:
    'Quadlet runs a container with `--rm` and stops it with `podman rm -v`: its anonymous volumes go with it, at every restart, update and reboot. Where the image declares a `VOLUME` and the unit mounts nothing there, and where `Volume=` has only a path, that is where the data lies. With Compose such a volume is left behind and can still be found; here it is deleted. Data in no volume at all is reported by `missing-volume`.',
  bad: '# db.container\n[Container]\nImage=docker.io/library/postgres:16\n',
  good: '# db.container\n[Container]\nImage=docker.io/library/postgres:16\nVolume=db-data.volume:/var/lib/postgresql/data\n\n# db-data.volume\n[Volume]\n',
  fixSafety: 'migration',
  fixNote: 'A new volume starts empty: the data has to be copied while the unit runs, because a stop deletes it.',
  since: '0.2.0',
  references: [
    'https://docs.podman.io/en/latest/markdown/podman-systemd.unit.5.html',
    'https://docs.podman.io/en/latest/markdown/podman-rm.1.html',
  ],
  *check(context) {
    if (context.analysed.project.runtime !== 'quadlet') return;
    for (const loss of losses(context, 'missing')) {
      const { analysed, one, directory } = loss;
      if (one.store.role !== 'server' || !removedAtStop(context, one)) continue;
      yield finding(context, loss, 'error', {
        message: `no volume for ${directory}: ${dataOf(one)} ${fateSentence(context, one)}`,
        span: analysed.service.key,
        fixes: () => volumeFix(context, analysed, one, directory),
      });
    }
    for (const loss of losses(context, 'anonymous')) {
      const { analysed, one, directory, diagnosis } = loss;
      yield finding(context, loss, 'error', {
        message: `no volume for ${directory}: the entry has no name, so ${dataOf(one)} ${fateSentence(context, one)}`,
        span: diagnosis.mount.span,
        fixes: () => nameAnonymous(context, analysed, one, diagnosis.mount),
      });
    }
    for (const analysed of context.analysed.services)
      for (const mount of analysed.service.mounts)
        if (isNameless(mount) && !isMask(mount, analysed) && !holdsStore(mount, analysed.stores))
          yield unknownData(context, analysed, mount);
  },
};

/** Somebody wants a volume there; what for is not known. */
function unknownData(context: RuleContext, analysed: AnalysedService, mount: Mount): Omit<Finding, 'rule'> {
  const one = analysed.stores.find(({ backing }) => backing.span === mount.span);
  return {
    severity: DATA_LIKE.test(mount.target) ? 'warning' : 'info',
    message: `the volume at ${mount.target} has no name: what is written there is deleted ${runsOf(context.analysed.project).whenGone}`,
    span: mount.span,
    service: analysed.service.name,
    related: [],
    fixes: () => (one ? nameAnonymous(context, analysed, one, mount) : []),
  };
}

export default rule;
