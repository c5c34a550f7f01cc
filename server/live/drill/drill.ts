/** Level `drill`: a scratch copy of the project goes through the events; what becomes of its data is compared with what was said. */
import * as crypto from 'node:crypto';
import * as path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { diskFiles } from '../../files.ts';
import type { AnalysedProject, AnalysedService } from '../../stores/model.ts';
import type { Engine } from '../engine.ts';
import { isWritable, type WritableEngine } from '../engine-write.ts';
import { EngineFault, isFatal, messageOf } from '../fault.ts';
import type { LiveError } from '../model.ts';
import { anchorName, clean } from './clean.ts';
import type { Driver } from './driver.ts';
import { apiDriver } from './driver-api.ts';
import { composeDriver } from './driver-compose.ts';
import { foldersRoot, hostOf, makeFolder, prepare, removeFolder } from './folder.ts';
import {
  DRILL_EVENTS,
  type DrillEvent,
  type DrillOptions,
  type DrillReport,
  type DrillStore,
  USUAL_EVENTS,
} from './model.ts';
import { beginWork, endWork, labelsFor } from './owner.ts';
import { rebuild, unlessFatal } from './rebuild.ts';
import { Rounds } from './rounds.ts';
import { imageName, scratchOf } from './scratch.ts';
import type { Scratch, ScratchInput } from './scratch-model.ts';
import { sweep } from './sweep.ts';
import { Clock, timedCompose, timedEngine } from './timed.ts';

const PATIENCE = 60_000;
/** Less than this on the engine's disk, and the copy might take from the user's servers what they need. */
const LEAST_ROOM = 1e9;

/** `engine` must have been opened with access `write`. @throws EngineFault when nothing could be drilled, the engine goes away, or it is cancelled */
export async function drill(opened: Engine, options: DrillOptions): Promise<DrillReport> {
  const { project, machine, signal } = options;
  if (!isWritable(opened)) throw new EngineFault('not-allowed', 'The engine was not opened for a drill.');
  refuse(opened, options);
  const clock = new Clock(options.onCall);
  const engine = timedEngine(opened, clock);
  const errors: LiveError[] = [];
  const events = inOrder(options);
  const steps = events.length + 3;
  const progress = (message: string, done: number): void => options.onProgress?.({ message, done, total: steps });

  progress('Looking for what earlier drills have left', 0);
  for (const message of (await sweep(engine, machine)).problems) errors.push({ code: 'left-over', message });
  const images = await imagesOf(engine, project, signal);
  const id = crypto.randomBytes(4).toString('hex');
  const folder = path.join(foldersRoot(machine), id);
  const labels = labelsFor(id);
  const host = hostOf(machine, engine.identity);
  const input: ScratchInput = { project, id, labels, folder, services: options.services ?? [], images, host };
  const scratch = scratchOf(input);
  const compose = options.compose && timedCompose(options.compose, clock);
  const patience = options.patience ?? PATIENCE;
  const driver = compose
    ? composeDriver(engine, compose, scratch, patience, signal)
    : apiDriver(engine, scratch, patience, signal);
  const rounds = new Rounds({ engine, scratch, driver, patience, signal });
  const allowed = options.allowBuild === true;
  const rebuilding = { engine, scratch, driver, files: diskFiles(), env: machine.env, allowed, signal };
  beginWork(id);
  try {
    if (scratch.services.length > 0) {
      progress('Making a scratch copy', 1);
      makeFolder(folder, labels);
      prepare(scratch);
      // Everything else can be found by what this one says, on the engine's own clock.
      await engine.createVolume({ name: anchorName(id), labels }, signal);
      await attempt(() => driver.up(), errors);
      await rounds.begin();
      for (const [index, event] of events.entries()) {
        progress(`${driver.how[event]} (scratch copy)`, index + 2);
        const rebuilt = event === 'rebuild' ? await rebuild(rebuilding) : null;
        await rounds.plant();
        await rounds.note(event);
        const act = () => (event === 'rebuild' ? driver.replace(rebuilt?.images ?? new Map()) : driver.carryOut(event));
        const failed = rebuilt?.images.size === 0 ? null : await attempt(act, errors);
        await rounds.compare(event, failed, rebuilt);
      }
    }
  } finally {
    progress('Taking the scratch copy away', steps - 1);
    await takeAway(engine, scratch, errors).finally(() => endWork(id));
  }
  return {
    level: 'drill',
    id,
    engine: opened.identity,
    by: driver.by,
    project: project.project.name,
    files: project.project.files.map((file) => file.path),
    results: resultsOf(options, scratch, rounds),
    errors,
    notes: notesOf(driver, events, options),
    time: clock.read(),
  };
}

/** Engines of other machines are refused by whoever opens one (`run.ts`). */
function refuse({ identity }: Engine, { machine }: DrillOptions): void {
  const disk = identity.local ? machine.disk(identity.rootDirectory) : null;
  if (disk && disk.free < LEAST_ROOM)
    throw new EngineFault(
      'not-allowed',
      'Less than 1 GB is free where the engine keeps its data: a scratch copy might fill it. Make room first.',
    );
}

/** Where nothing is built, there is nothing to rebuild. */
const possible = ({ project }: DrillOptions): DrillEvent[] =>
  DRILL_EVENTS.filter((event) => event !== 'rebuild' || project.project.services.some(({ build }) => build));

const inOrder = (options: DrillOptions): DrillEvent[] =>
  possible(options).filter((event) => (options.events ?? USUAL_EVENTS).includes(event));

async function imagesOf(
  engine: WritableEngine,
  { project, services }: AnalysedProject,
  signal: AbortSignal | undefined,
): Promise<ScratchInput['images']> {
  const names = [...new Set(services.map(({ service }) => imageName(service, project.name)))];
  const found = names.map(async (name) => [name, await engine.image(name, signal).catch(unlessFatal)] as const);
  return new Map(await Promise.all(found));
}

/** What could not be done is told, and the drill goes on with what there is. @returns why it failed. @throws EngineFault */
async function attempt(act: () => Promise<void>, errors: LiveError[]): Promise<string | null> {
  try {
    await act();
    return null;
  } catch (error) {
    if (!(error instanceof EngineFault) || isFatal(error)) throw error;
    errors.push({ code: error.code, message: error.message });
    return error.message.replace(/\.$/, '');
  }
}

const TRIES = 3;

/** Not cancelled by anybody. What cannot be removed now is removed at the next start. */
async function takeAway(engine: WritableEngine, { id, folder }: Scratch, errors: LiveError[]): Promise<void> {
  let problems: string[] = [];
  for (let i = 0; i < TRIES; i++) {
    if (i > 0) await wait(300 * i);
    try {
      problems = await clean(engine, id);
    } catch (error) {
      problems = [messageOf(error)];
      if (isFatal(error)) break;
    }
    if (problems.length === 0) break;
  }
  if (problems.length === 0) problems = removeFolder(folder);
  const later = 'It is removed at the next start';
  for (const problem of problems)
    errors.push({ code: 'left-over', message: `Of the scratch copy ${id} something is left: ${problem} ${later}.` });
}

function resultsOf(
  { project, services = [], ephemeral }: DrillOptions,
  scratch: Scratch,
  rounds: Rounds,
): DrillStore[] {
  const wanted = ({ service }: AnalysedService): boolean =>
    (services.length === 0 || services.includes(service.name)) && !ephemeral?.has(service.name);
  const leftOut = new Map(scratch.leftOut.map(({ service, reason }) => [service, reason]));
  return project.services
    .filter(({ service }) => project.project.services.includes(service))
    .filter(wanted)
    .flatMap((service) => rounds.results(service, leftOut.get(service.service.name)));
}

function notesOf({ by }: Driver, events: readonly DrillEvent[], options: DrillOptions): string[] {
  const left = possible(options).filter((event) => !events.includes(event));
  const asked = options.events?.includes('rebuild') === true;
  return [
    'A reboot cannot be tried in a scratch copy: what is said of it is the prediction alone',
    ...(by === 'api'
      ? ['Compose was not used: the events were carried out by the engine alone, as Compose would']
      : []),
    ...(asked && !events.includes('rebuild') ? ['Nothing was rebuilt: no service is built'] : []),
    ...(left.length > 0 ? [`Not carried out: ${left.join(', ')}`] : []),
  ];
}
