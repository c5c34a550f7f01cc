import { flatWords } from '../../stores/words.ts';
import { isWithin } from '../../survival/backing.ts';
import { fixedUser } from '../fragile.ts';
import { keptByServer } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import { ownVolume } from '../own-volume.ts';
import type { Rule, RuleContext } from '../rule.ts';

/** Somebody gives the folder to the right user: another service, a hook, or this one's own command. */
function isPrepared({ analysed: { services } }: RuleContext, host: string): boolean {
  return services.some(({ service, argv }) => {
    const mounts = service.mounts.some(
      ({ type, source }) => type === 'bind' && source && (isWithin(host, source) || isWithin(source, host)),
    );
    const words = [...flatWords(argv), ...service.hooks.flatMap(({ command }) => flatWords(command?.words ?? []))];
    return mounts && words.some((word) => /\bch(own|mod)\b/.test(word));
  });
}

const rule: Rule = {
  name: 'bind-mount-uid-mismatch',
  severity: 'info',
  summary: 'A folder of the host is mounted for a server that runs as a user of its own.',
  rationale:
    'On Linux the files of a bind mount keep their owners. Docker creates a missing folder for root, and an image that runs as another user from the start cannot write to it: the server does not start, or it starts without its data. Images that start as root and change the owner themselves are not concerned, nor are named volumes, which take the owner from the image.',
  bad: 'services:\n  loki:\n    image: grafana/loki:3.3.0\n    volumes:\n      - ./loki:/loki\n',
  good: 'services:\n  loki:\n    image: grafana/loki:3.3.0\n    volumes:\n      - loki_data:/loki\n\nvolumes:\n  loki_data:\n',
  fixSafety: 'migration',
  fixNote: 'Another way is to create the folder and give it to that user, which the message names.',
  since: '0.2.0',
  *check(context) {
    for (const analysed of context.analysed.services) {
      const user = fixedUser(analysed);
      if (!user) continue;
      for (const one of keptByServer(analysed)) {
        const { backing, store } = one;
        const mount = analysed.service.mounts.find(({ span }) => span === backing.span);
        if (backing.type !== 'bind-mount' || !mount?.source || mount.createHostPath === false || mount.readOnly)
          continue;
        if (mount.unresolved.length > 0 || isPrepared(context, mount.source)) continue;
        // Of folders elsewhere on the host nothing is known here: the file may be meant for another machine.
        const ours = isWithin(mount.source, context.analysed.project.directory);
        const missing = ours && context.files.kind(mount.source) === 'missing';
        const group = user.gid === undefined ? '' : `:${user.gid}`;
        const shown = mount.sourceText ?? mount.source;
        yield {
          severity: missing ? 'info' : 'hint',
          message: missing
            ? `${shown} does not exist yet: on Linux Docker creates it for root, and ${store.title}, which runs as uid ${user.uid}, cannot write to ${store.path} (sudo chown ${user.uid}${group} ${shown})`
            : `${store.title} runs as uid ${user.uid}: on Linux it can write to ${store.path} only when ${shown} belongs to that user`,
          span: mount.sourceSpan ?? mount.span,
          service: analysed.service.name,
          store,
          related: relatedOf(one),
          fixes: () =>
            ownVolume(context, analysed, mount, (volume) => `Keep ${store.path} in the named volume ${volume}`),
        };
      }
    }
  },
};

export default rule;
