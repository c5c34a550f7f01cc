/** The guards: when a finding is softened or not said at all, whatever rule it comes from. */
import type { Files } from '../../files.ts';
import type { AnalysedProject, AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { isUnkeptCache } from './caches.ts';
import {
  hasServerDatabase,
  hasServerInExample,
  isClusterMember,
  isManagedElsewhere,
  isReadReplica,
  shipsItsData,
  standsIn,
} from './elsewhere.ts';
import { isAsidePath, isDevelopmentPath, isLoadedByItself, isPipelinePath, isTestPath } from './paths.ts';
import { isHelper, isOneShot, isTestService } from './tasks.ts';
import { mayBeMoved } from './unread.ts';

/** `silence`: not said. `lower`: a level lower. `info`: at most an info. */
export type Effect = 'silence' | 'lower' | 'info';

/** What every guard may look at. */
export interface Seen {
  readonly project: AnalysedProject;
  readonly files: Files;
  /** Services that say of themselves that their data may go. */
  readonly ephemeral: ReadonlySet<string>;
}

interface Base {
  readonly name: string;
  readonly effect: Effect;
  /** One line, for the documentation. */
  readonly summary: string;
  /** About tests: the user can ask for them. */
  readonly tests?: true;
}

/** By the file the finding is in; `path` is relative to the folder that is linted, and `file` is absolute. */
interface FileGuard extends Base {
  readonly about: 'file';
  readonly holds: (path: string, file: string, seen: Seen) => boolean;
}

interface ServiceGuard extends Base {
  readonly about: 'service';
  readonly holds: (analysed: AnalysedService, seen: Seen) => boolean;
}

/** Only for findings about a store. */
interface StoreGuard extends Base {
  readonly about: 'store';
  readonly holds: (one: AnalysedStore, analysed: AnalysedService, seen: Seen) => boolean;
}

export type Guard = FileGuard | ServiceGuard | StoreGuard;

/** Variables by which a program lets its owner say that nothing needs to stay. */
const VOLATILE = ['I_REALLY_WANT_VOLATILE_STORAGE'];

export const GUARDS = [
  {
    name: 'test-file',
    about: 'file',
    effect: 'silence',
    tests: true,
    summary: 'The file is part of tests or of CI, by its name or folder.',
    holds: (path) => isTestPath(path) && !isPipelinePath(path),
  },
  {
    name: 'test-service',
    about: 'service',
    effect: 'silence',
    tests: true,
    summary: 'The service, its container, a profile or its database is named as a test.',
    holds: isTestService,
  },
  {
    name: 'development-file',
    about: 'file',
    effect: 'lower',
    summary: 'The file is meant for development, by its name, or an override that Compose does not load by itself.',
    holds: (path, file, { project, files }) =>
      isDevelopmentPath(path) &&
      !isLoadedByItself(
        file,
        project.project.files.map((one) => one.path),
        (folder) => files.list(folder).map(({ name }) => name),
      ),
  },
  {
    name: 'aside-file',
    about: 'file',
    effect: 'info',
    summary: 'The file is in a folder of demonstrations, or of what is no longer used.',
    holds: isAsidePath,
  },
  {
    name: 'cache',
    about: 'store',
    effect: 'silence',
    summary: 'Redis or its like as a cache, and no volume on it.',
    holds: (one, analysed, { project }) => isUnkeptCache(one, analysed, project),
  },
  {
    name: 'one-shot',
    about: 'service',
    effect: 'silence',
    summary: 'The service runs once and ends.',
    holds: (analysed, { project }) => isOneShot(analysed, project.project),
  },
  {
    name: 'managed-database',
    about: 'store',
    effect: 'silence',
    summary: 'The environment names a managed database that takes the place of the embedded one.',
    holds: ({ store }, analysed) => isManagedElsewhere(store, analysed),
  },
  {
    name: 'server-database',
    about: 'store',
    effect: 'silence',
    summary: 'The environment names a database server that takes the place of the embedded one.',
    holds: ({ store }, analysed, { project }) =>
      hasServerDatabase(store, analysed) || hasServerInExample(store, analysed, project),
  },
  {
    name: 'stand-in',
    about: 'service',
    effect: 'lower',
    summary: 'A database behind a profile, where the applications use a managed one.',
    holds: (analysed, { project }) => standsIn(analysed, project),
  },
  {
    name: 'unknown-version',
    about: 'store',
    effect: 'info',
    summary: 'The tag of the image is made of variables that are not set.',
    holds: ({ store }, { image }) => store.role === 'server' && image.match?.openTag === true,
  },
  {
    name: 'unread-environment',
    about: 'store',
    effect: 'info',
    summary: 'An environment file that is not here may move the data to a mount that is.',
    holds: ({ store }, analysed) => mayBeMoved(store, analysed),
  },
  {
    name: 'replicated',
    about: 'service',
    effect: 'lower',
    summary:
      'One of three or more members of a cluster, of which another is kept or lives on another machine; or a copy of a primary.',
    holds: (analysed, { project }) => isClusterMember(analysed, project) || isReadReplica(analysed),
  },
  {
    name: 'shipped',
    about: 'service',
    // What lies here is what has not been handed on yet.
    effect: 'info',
    summary: 'The server hands what it collects to a store elsewhere.',
    holds: (analysed, { files }) => shipsItsData(analysed, files),
  },
  {
    name: 'ephemeral',
    about: 'service',
    effect: 'silence',
    summary: 'The service says that its data may go: by comment, by label, or in the words of its program.',
    holds: ({ service, environment }, { ephemeral }) =>
      ephemeral.has(service.name) ||
      VOLATILE.some((name) => /^(true|1|yes)$/i.test(environment.get(name)?.value ?? '')),
  },
  {
    name: 'unverified',
    about: 'store',
    effect: 'info',
    summary: 'Nobody has checked the fact that the store rests on, or only the last part of the image name is known.',
    holds: ({ store }) => store.confidence === 'memory',
  },
  {
    name: 'helper',
    about: 'store',
    effect: 'info',
    summary: 'By its name the service looks after a server, with the same image.',
    holds: ({ store }, analysed) => store.role === 'server' && isHelper(analysed),
  },
] as const satisfies readonly Guard[];

export type GuardName = (typeof GUARDS)[number]['name'];
