/** Programs that throw their own data away when they start, and whether that is data that is meant to last. */
import type { Files } from '../../files.ts';
import type { AnalysedProject, AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { hibernateResets } from '../../stores/resets/hibernate.ts';
import type { Database, Reset } from '../../stores/resets/model.ts';
import { MAY_RESET, programResets, SQL } from '../../stores/resets/programs.ts';
import { isSharp, mentions, programOf, sharpMentions } from '../../stores/resets/reached.ts';
import type { Evidence } from '../../survival/words.ts';
import { isOneShot } from '../guards.ts';
import { isKept, keptByServer } from '../kept.ts';
import { usedBy } from '../links.ts';
import { relatedOf } from '../losses.ts';
import type { RuleContext } from '../rule.ts';
import { runsAlways } from './flow.ts';
import { withFunctions } from './functions.ts';
import type { Start } from './start.ts';

export interface Thrown extends Reset {
  /** The data that goes with it, where it is known to last otherwise. */
  readonly kept: AnalysedStore | undefined;
  readonly related: readonly Evidence[];
}

/** By where its files stand, so that those without such words are asked once. */
const asked = new WeakMap<AnalysedService['placed'], object>();

export function* thrownAway(
  analysed: AnalysedService,
  starts: readonly Start[],
  context: RuleContext,
): Iterable<Thrown> {
  const { analysed: project, files } = context;
  if (project.project.imageOnly) return;
  for (const reset of hibernateResets(analysed, files)) yield* judged(reset, analysed, project);
  if (!mayReset(analysed, context) || isOneShot(analysed, project.project)) return;
  const program = programOf(analysed, [...alwaysRun(starts)], files);
  if (program) for (const reset of programResets(program)) yield* judged(reset, analysed, project);
}

function mayReset(analysed: AnalysedService, { keep, files }: RuleContext): boolean {
  if (mentions(analysed, MAY_RESET)) return true;
  if (!isSharp(analysed)) return false;
  const find = (within: Files): boolean => sharpMentions(analysed, MAY_RESET, within);
  if (!keep) return find(files);
  const key = asked.get(analysed.placed) ?? {};
  asked.set(analysed.placed, key);
  return keep(key, files, find);
}

/** The commands that are run in any case, each as its words. */
function* alwaysRun(starts: readonly Start[]): Iterable<readonly string[]> {
  for (const start of starts) {
    if (start.kind === 'program') yield start.words.map(({ text }) => text);
    else if ('text' in start && start.text.whole)
      for (const { commands } of withFunctions(start.text))
        for (const [at, { words }] of commands.entries())
          if (runsAlways(commands, at) && !/\.(?:sh|bash)$/.test(words[0]?.text ?? ''))
            yield words.map(({ text }) => text);
  }
}

function* judged(reset: Reset, analysed: AnalysedService, project: AnalysedProject): Iterable<Thrown> {
  const found = dataIn(reset.database, analysed, project);
  // What is in memory, or goes with the container, other rules tell of.
  if (found === 'passing') return;
  yield { ...reset, kept: found, related: found ? relatedOf(found) : [] };
}

function dataIn(
  database: Database,
  analysed: AnalysedService,
  project: AnalysedProject,
): AnalysedStore | 'passing' | undefined {
  if (database.kind === 'embedded') {
    const own = analysed.stores.filter(({ store }) => store.technology === database.technology);
    return own.find(isKept) ?? 'passing';
  }
  if (database.kind === 'host') {
    const server = project.services.find(({ service }) => isCalled(database.host, service));
    return server && ofServer(server);
  }
  const servers = usedBy(analysed, project).filter(({ image }) => database.families.test(image.match?.family.id ?? ''));
  const found = [
    ...servers.map(ofServer),
    ...analysed.stores
      .filter(({ store }) => store.technology === 'sqlite')
      .map((one) => (isKept(one) ? one : 'passing')),
  ];
  // Of several databases it is not known which one it is.
  const [first] = found;
  return found.every((one) => one === 'passing') && found.length > 0
    ? 'passing'
    : found.some((one) => one === 'passing' || one === undefined)
      ? undefined
      : first;
}

/** What a client of a server is told by the service's own start: which server, its settings may tell. */
export const dataBehind = (
  analysed: AnalysedService,
  project: AnalysedProject,
): AnalysedStore | 'passing' | undefined => dataIn(SQL, analysed, project);

const isCalled = (host: string, { name, containerName, hostname }: AnalysedService['service']): boolean =>
  name === host || containerName?.value === host || hostname?.value === host;

function ofServer(server: AnalysedService): AnalysedStore | 'passing' | undefined {
  if (server.image.match?.lookalike) return undefined;
  const [kept] = keptByServer(server);
  if (kept) return kept;
  const own = server.stores.filter(({ store }) => store.role === 'server');
  return own.length > 0 && own.every(({ backing }) => backing.type === 'tmpfs') ? 'passing' : undefined;
}
