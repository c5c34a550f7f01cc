/** "Verify persistence": compares what an engine has, and what its servers say, with what the files say. */
import * as path from 'node:path';
import type { AnalysedProject, AnalysedService } from '../stores/model.ts';
import type { Runtime } from '../survival/words.ts';
import { rangeOf } from '../syntax/source.ts';
import type { Check } from './checks.ts';
import { type Around, conclude, type Facts, gather } from './container.ts';
import type { Container, Engine, VolumeUsage } from './engine.ts';
import { isFatal, messageOf } from './fault.ts';
import { ofDisk, ofDrifts, ofExternal, ofLayer, ofOtherNames, ofShared, ofVerdicts } from './findings.ts';
import { journalOf } from './journal.ts';
import type { Machine } from './machine.ts';
import { type Match, matchContainers } from './matching.ts';
import { memoryOf } from './memory.ts';
import { type Level, type LiveError, type LiveFinding, type Progress, type Report, VERDICTS } from './model.ts';
import { orphanFindings } from './orphans.ts';
import { removeLeft } from './plant.ts';
import { type Judged, unseen } from './results.ts';
import { type ChecksAround, ofChecks, runChecks } from './user-checks.ts';

export interface VerifyOptions {
  readonly project: AnalysedProject;
  readonly runtime: Runtime;
  readonly machine: Machine;
  /** `inspect` when absent; the engine must have been opened for it. */
  readonly level?: Level | undefined;
  /** The user's own, put from level `read` on. */
  readonly checks?: readonly Check[] | undefined;
  /** Only these; empty: all. */
  readonly services?: readonly string[] | undefined;
  /** Those that say of themselves that their data may go. */
  readonly ephemeral?: ReadonlySet<string> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Containers looked at at the same time. */
const AT_ONCE = 8;

/** Opts out of the live check. */
const OFF = 'persistence.lint/live';

/** @throws EngineFault when the engine goes away or it is cancelled */
export async function verify(engine: Engine, options: VerifyOptions): Promise<Report> {
  const { project, signal, machine, runtime, level = 'inspect' } = options;
  const errors = refusals(project);
  const usage = engine.volumeUsage(signal).catch((error: unknown) => {
    if (isFatal(error)) throw error;
    errors.push({ code: 'no-sizes', message: messageOf(error) });
    return new Map<string, VolumeUsage>();
  });
  usage.catch(() => undefined);
  options.onProgress?.({ message: 'Listing containers and volumes', done: 0, total: 1 });
  const [containers, volumeList] = await Promise.all([engine.containers(signal), engine.volumes(signal)]);
  const volumes = new Map(volumeList.map((volume) => [volume.name, volume]));
  const matching = matchContainers({
    containers,
    project: project.project,
    runtime,
    isGone: (folder) => engine.identity.local && !machine.exists(folder),
    realPath: engine.identity.local ? machine.realPath : (path) => path,
  });
  const imageOf = remembered((id) => engine.image(id, signal));
  const memory = memoryOf(machine);
  const journal = journalOf(machine);
  if (level === 'probe') {
    for (const message of await removeLeft(engine, journal, signal)) errors.push({ code: 'left-over', message });
  }
  const around: Around = {
    level,
    memory,
    journal,
    engine,
    machine,
    project,
    runtime,
    volumes,
    imageOf,
    errors,
    signal,
  };
  const services = wantedOf(options);
  const facts = await gatherAll(services, matching.matches, around, options.onProgress);
  const checks = level === 'inspect' ? [] : await runChecks(wantedChecks(options), aroundChecks(facts, around));
  for (const { name, service, passed, reason } of checks)
    if (passed === null) errors.push({ code: 'check-not-run', message: `${name}: ${reason}`, service });
  const sizes = await usage;
  const unsaved = memory.save();
  if (unsaved !== null) errors.push({ code: 'not-noted', message: unsaved });
  const concluded = facts.map((one) => conclude(one, around, sizes));
  const judgements = services.flatMap((service) => [
    ...concluded.flatMap((one, index) => (facts[index]!.service === service ? one.judgements : [])),
    ...withoutContainer(service, facts),
  ]);
  const scanned = concluded.flatMap((one) => one.scanned ?? []);
  const results = judgements.map(({ result }) => result);
  const otherProjects = new Set(matching.elsewhere.map(({ project: name }) => name));
  const orphans = { engine, machine, project, containers, volumes, usage: sizes, results, otherProjects };
  const disk = engine.identity.local ? machine.disk(engine.identity.rootDirectory) : null;
  const findings = [
    ...ofVerdicts(judgements),
    ...scanned.flatMap(ofLayer),
    ...scanned.flatMap(ofDrifts),
    ...ofExternal(project.project, volumes),
    ...ofOtherNames(matching, project.project, volumes, sizes),
    ...ofShared(results),
    ...ofChecks(checks),
    ...orphanFindings(orphans),
    ...ofDisk(disk, results),
  ];
  return {
    level,
    engine: engine.identity,
    disk,
    project: project.project.name,
    files: project.project.files.map(({ path }) => path),
    results,
    findings: sorted(findings, options),
    checks,
    notes: [],
    errors,
  };
}

/** Nothing can be started from such files, and what runs may be made from others. */
const refusals = ({ project }: AnalysedProject): LiveError[] =>
  project.problems.map(({ span, message }) => {
    const { line, character } = rangeOf(span).start;
    const file = path.posix.relative(project.directory, span.source.path);
    return { code: 'refused-by-compose', message: `Compose refuses ${file}:${line + 1}:${character + 1}: ${message}` };
  });

/** Replicas, and many services, share an image. */
function remembered<T>(find: (id: string) => Promise<T>): (id: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (id) => {
    const found = known.get(id) ?? find(id);
    known.set(id, found);
    return found;
  };
}

const wantedOf = ({ project, services = [], ephemeral }: VerifyOptions): AnalysedService[] =>
  project.services.filter(
    ({ service }) =>
      (services.length === 0 || services.includes(service.name)) &&
      !ephemeral?.has(service.name) &&
      service.labels.get(OFF) !== 'off',
  );

const wantedChecks = ({ checks = [], services = [] }: VerifyOptions): readonly Check[] =>
  checks.filter(({ service }) => services.length === 0 || services.includes(service));

function aroundChecks(facts: readonly Facts[], { engine, project, signal }: Around): ChecksAround {
  const running = new Map<string, Container>();
  for (const { match, seen } of facts)
    if (seen?.container.running && !running.has(match.service)) running.set(match.service, seen.container);
  return { engine, running, services: new Set(project.services.map(({ service }) => service.name)), signal };
}

async function gatherAll(
  services: readonly AnalysedService[],
  matches: readonly Match[],
  around: Around,
  onProgress: VerifyOptions['onProgress'],
): Promise<Facts[]> {
  const tasks = services.flatMap((service) =>
    matches.filter((match) => match.service === service.service.name).map((match) => ({ service, match })),
  );
  const facts: Facts[] = [];
  let next = 0;
  let done = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < tasks.length; index = next++) {
      const { service, match } = tasks[index]!;
      onProgress?.({ message: `Inspecting ${match.container.name}`, done, total: tasks.length });
      facts[index] = await gather(service, match, around);
      done++;
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
  // All are waited for: a record that one has planted is removed by it before anybody hears of the fault of another.
  const failed = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  if (failed.length > 0) throw failed.find(isFatal) ?? failed[0];
  return facts;
}

const NOT_THERE = 'No container of this service is on the engine: start it, then verify again';

const withoutContainer = (service: AnalysedService, facts: readonly Facts[]): Judged[] =>
  facts.some((one) => one.service === service)
    ? []
    : service.stores.map((store) => unseen(service, store, null, NOT_THERE));

/** Replicas say the same: once is enough. Worst first within a service, services in the order of the files. */
function sorted(findings: readonly LiveFinding[], { project, services = [] }: VerifyOptions): LiveFinding[] {
  const order = project.services.map(({ service }) => service.name);
  const seen = new Set<string>();
  const unique = findings.filter(({ rule, service, message }) => {
    if (service !== undefined && services.length > 0 && !services.includes(service)) return false;
    const key = `${rule}\0${service}\0${message}`;
    return !seen.has(key) && seen.add(key);
  });
  const severities = ['error', 'warning', 'info'];
  const place = ({ service }: LiveFinding): number => (service === undefined ? order.length : order.indexOf(service));
  return unique.sort((a, b) => place(a) - place(b) || severities.indexOf(a.severity) - severities.indexOf(b.severity));
}

/** Whether the report should fail a pipeline: something is not kept, or nothing at all could be verified. */
export function fails({ results, findings }: Report): boolean {
  const bad = VERDICTS.slice(0, VERDICTS.indexOf('UNKNOWN'));
  if (results.some(({ verdict }) => bad.includes(verdict))) return true;
  if (findings.some(({ severity }) => severity !== 'info')) return true;
  return results.length > 0 && results.every(({ verdict }) => verdict === 'UNKNOWN');
}
