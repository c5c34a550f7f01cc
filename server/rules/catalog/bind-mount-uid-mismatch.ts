import * as path from 'node:path';
import type { Files } from '../../files.ts';
import { giveDirectory } from '../../fixes/dockerfile-owner.ts';
import type { Mount } from '../../project/model.ts';
import type { AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { flatWords } from '../../stores/words.ts';
import { isWithin } from '../../survival/backing.ts';
import type { Value } from '../../syntax/dockerfile.ts';
import { textOf } from '../../syntax/source.ts';
import { fixedUser, startsAsRoot } from '../fragile.ts';
import { hostFolder } from '../host-folder.ts';
import { isRoot, ownerOf, plainUser } from '../image/ownership.ts';
import { isKept, isOpen, keptByServer } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import { sharedVolume } from '../own-volume.ts';
import type { Fix, Rule, RuleContext } from '../rule.ts';
import { runFrom } from '../run-from.ts';

/** Somebody gives the folder to the right user: another service, a hook, or this one's own command. */
function isPrepared({ analysed: { project, services } }: RuleContext, host: string): boolean {
  return services.some(({ service, argv }) => {
    const mounts = service.mounts.some((mount) => {
      const source = hostFolder(mount, project);
      return source !== undefined && (isWithin(host, source) || isWithin(source, host));
    });
    const words = [...flatWords(argv), ...service.hooks.flatMap(({ command }) => flatWords(command?.words ?? []))];
    return mounts && words.some((word) => /\bch(own|mod)\b/.test(word));
  });
}

/** `UserNS=keep-id` runs it as the user whose folders are mounted; of other mappings the ids are not known. */
const isMapped = ({ service }: AnalysedService): boolean =>
  service.userNamespace !== undefined && service.userNamespace.value !== 'host';

/** `:U`: Podman gives the folder to the user of the container. */
const isGivenAway = ({ span }: Mount): boolean => /[:,]U(?:[,"'\s]|$)/.test(textOf(span));

interface Runner {
  readonly who: { readonly name: string; readonly user: string };
  /** As `chown` takes it on the host, where a name of the image means nothing. */
  readonly owner: string | undefined;
  readonly stores: readonly AnalysedStore[];
  /** Who names the user: the image of the catalogue, the service, or this USER of a Dockerfile. */
  readonly by: 'image' | 'service' | Value;
}

/**
 * `user:` of a service whose server would otherwise begin as root and give the folder to itself. Who changes the user of
 * an image that never is root knows whose the folder has to be.
 */
function namedUser(analysed: AnalysedService): Runner | null {
  const { user } = analysed.service;
  const stores = keptByServer(analysed);
  const [first] = stores;
  if (!user || !first || user.unresolved.length > 0 || user.value === '' || isRoot(user.value)) return null;
  if (!startsAsRoot(analysed)) return null;
  const { owner, shown } = idOf(user.value);
  return { who: { name: first.store.title, user: shown ?? user.value }, owner, stores, by: 'service' };
}

/** Of a user in numbers, which mean the same on the host. */
function idOf(user: string): { readonly owner?: string; readonly shown?: string } {
  return /^\d+(:\d+)?$/.test(user) ? { owner: user, shown: `uid ${user.split(':')[0]}` } : {};
}

/** Somebody mounts a folder to write to, and what is written there nobody knows. */
const isFolder = ({ store, backing }: AnalysedStore): boolean =>
  store.technology === 'files' && store.kind === 'essential' && backing.type === 'bind-mount';

/** What the application opens itself, or what the image is known to keep that it may be a variant of. */
const isOwn = ({ store }: AnalysedStore, { image }: AnalysedService): boolean =>
  store.role === 'embedded' || store.technology === image.named?.family.id;

/** A server of the catalogue, or the application that a Dockerfile with a USER of its own runs. */
function whoRuns(analysed: AnalysedService): Runner | null {
  const fixed = fixedUser(analysed);
  if (fixed) {
    const stores = keptByServer(analysed);
    const owner = `${fixed.uid}${fixed.gid === undefined ? '' : `:${fixed.gid}`}`;
    const who = { name: stores[0]?.store.title ?? '', user: `uid ${fixed.uid}` };
    return { who, owner, stores, by: 'image' };
  }
  if (analysed.service.user) return namedUser(analysed);
  const built = analysed.service.broken ? undefined : plainUser(analysed);
  if (!built) return null;
  const { owner, shown } = idOf(built.value);
  return {
    who: { name: analysed.service.name, user: shown ?? `the user ${built.value} of its image` },
    owner,
    stores: analysed.stores.filter((one) => isOwn(one, analysed) && (isKept(one) || isFolder(one))),
    by: built,
  };
}

const MARKERS = /^(\.git(keep|ignore)|\.keep|README.*)$/i;

/**
 * An empty folder that a volume is bound to the engine gives to the user of the image, when it copies the content of the
 * image; not so where a file keeps it in git, and what the program has filled it has been able to write to.
 */
const isKeptEmpty = (folder: string, files: Files): boolean => {
  const there = files.list(folder);
  return there.length > 0 && there.every(({ name }) => MARKERS.test(name));
};

const isShared = ({ analysed: { project } }: RuleContext, { service }: AnalysedService, folder: string): boolean =>
  [...project.services, ...project.inactive].some(
    (other) => other.name !== service.name && other.mounts.some((mount) => hostFolder(mount, project) === folder),
  );

/** A new volume takes its owner from the image: the build has to make the directory and give it away. Nothing is there yet. */
function withOwner(fix: Fix, { files }: RuleContext, analysed: AnalysedService, mount: Mount, user: Value): Fix[] {
  const { stage } = analysed.image;
  if (!stage || ownerOf(mount.target, analysed, files) === 'unknown') return [];
  const edits = giveDirectory(stage, user, mount.target);
  if (!edits) return [];
  const steps = ['Apply this change', `Build and start again: docker compose up -d --build ${analysed.service.name}`];
  return [
    { ...fix, title: `${fix.title}, which the image gives to ${user.value}`, edits: [...fix.edits, ...edits], steps },
  ];
}

const rule: Rule = {
  name: 'bind-mount-uid-mismatch',
  severity: 'info',
  summary: 'A folder of the host is mounted for a server that runs as a user of its own.',
  rationale:
    'On Linux the files of a bind mount keep their owners. Docker creates a missing folder for root, and an image that runs as another user from the start cannot write to it: the server does not start, or it starts without its data. Images that start as root and change the owner themselves are not concerned, unless `user:` takes that away, nor are named volumes, which take the owner from the image.',
  bad: 'services:\n  loki:\n    image: grafana/loki:3.3.0\n    volumes:\n      - ./loki:/loki\n',
  good: 'services:\n  loki:\n    image: grafana/loki:3.3.0\n    volumes:\n      - loki_data:/loki\n\nvolumes:\n  loki_data:\n',
  fixSafety: 'migration',
  fixNote: 'Another way is to create the folder and give it to that user, which the message names.',
  since: '0.2.0',
  *check(context) {
    // One folder that is not there is one problem, however many use it, and so are those beside it.
    const told = new Set<string>();
    for (const analysed of context.analysed.services) {
      const runs = isMapped(analysed) ? null : whoRuns(analysed);
      if (!runs) continue;
      const { who, owner } = runs;
      for (const one of runs.stores) {
        const { backing, store } = one;
        const mount = analysed.service.mounts.find(({ span }) => span === backing.span);
        const { project } = context.analysed;
        const folder = mount && hostFolder(mount, project);
        if (!mount || folder === undefined || mount.readOnly || mount.from !== 'volumes') continue;
        const isBind = backing.type === 'bind-mount';
        if (!isBind && !isKeptEmpty(folder, context.files)) continue;
        // Podman never makes the folder, so that nothing follows from it there.
        if (mount.createHostPath === false && !analysed.service.unit) continue;
        const beside = path.posix.dirname(folder);
        if (isFolder(one) && told.has(beside)) continue;
        if (isOpen(mount) || isGivenAway(mount) || isPrepared(context, folder)) continue;
        // Of folders elsewhere on the host nothing is known here: the file may be meant for another machine.
        const ours = isWithin(folder, project.directory);
        // Podman makes no folders, and no engine makes one for a volume that is bound to it: it does not start.
        const missing =
          ours &&
          isBind &&
          project.runtime === 'compose' &&
          context.files.kind(folder) === 'missing' &&
          runFrom(project, context.files) === undefined;
        // Who made the folder for a user of their own has seen it work, or not.
        if (runs.by !== 'image' && !missing) continue;
        if (missing) told.add(beside);
        const shown = isBind
          ? (mount.sourceText ?? folder)
          : ours
            ? `./${path.posix.relative(project.directory, folder)}`
            : folder;
        const give = owner === undefined ? '' : ` (sudo chown ${owner} ${shown})`;
        yield {
          severity: missing ? 'info' : 'hint',
          message: missing
            ? `${shown} does not exist yet: on Linux Docker creates it for root, and ${who.name}, which runs as ${who.user}, cannot write to ${store.path}${give}`
            : `${who.name} runs as ${who.user}: on Linux it can write to ${store.path} only when ${shown} belongs to that user${
                analysed.service.unit && owner !== undefined
                  ? `, as the container sees it: ":U" gives it away at the start, and without root podman unshare chown ${owner} does`
                  : ''
              }`,
          span: mount.sourceSpan ?? mount.span,
          service: analysed.service.name,
          store,
          related: relatedOf(one),
          fixes: () => {
            const { by } = runs;
            // A new volume is given to the user of the image; and a folder of files is on the host to be seen there.
            if (by === 'service' || isFolder(one)) return [];
            const fixes = sharedVolume(
              context,
              analysed,
              mount,
              (volume) => `Keep ${store.path} in the named volume ${volume}`,
            );
            if (by === 'image') return fixes;
            // The first of several that mounts the volume gives it to the user of its own image.
            return isShared(context, analysed, folder)
              ? []
              : fixes.flatMap((fix) => withOwner(fix, context, analysed, mount, by));
          },
        };
      }
    }
  },
};

export default rule;
