/** The live check as the language server runs it: one module to load when it is first needed. */
import type { Check } from '../lint/settings-checks.ts';
import { ephemeralServices } from '../lint/suppressions.ts';
import type { EngineIdentity } from '../live/engine.ts';
import { EngineFault } from '../live/fault.ts';
import { thisMachine } from '../live/machine.ts';
import type { Level, LiveFinding, Progress } from '../live/model.ts';
import { refusalJson, reportJson } from '../live/report-json.ts';
import { run } from '../live/run.ts';
import type { EngineChoice, VerifyReport } from '../protocol.ts';
import type { AnalysedProject } from '../stores/model.ts';

export { verifyMarkdown, verifySummary } from '../live/report-markdown.ts';

export interface Checked {
  readonly engine: EngineIdentity;
  readonly findings: readonly LiveFinding[];
  readonly json: VerifyReport;
}

export interface VerifyRequest {
  readonly analysed: AnalysedProject;
  readonly checks: readonly Check[];
  readonly level: Level;
  readonly services: readonly string[];
  readonly engine: EngineChoice;
  readonly signal: AbortSignal;
}

/** @throws EngineFault */
export async function check(request: VerifyRequest, onProgress: (progress: Progress) => void): Promise<Checked> {
  const { analysed: project, checks, level, services, engine, signal } = request;
  const machine = thisMachine();
  const ephemeral = ephemeralServices(project);
  const options = {
    ...engine,
    level,
    project,
    checks,
    runtime: project.project.runtime,
    machine,
    services,
    ephemeral,
  } as const;
  const report = await run({ ...options, signal, onProgress });
  const chosen = { ...report.engine, reason: inEditor(report.engine.reason) };
  const json = reportJson({ ...report, engine: chosen }, (file) => file);
  return { engine: chosen, findings: report.findings, json };
}

/** Options of the command line are arguments of the command, by other names. */
const inEditor = (text: string): string =>
  text.replace(/--(host|context)\b/g, 'engine.$1').replace(/--level (\w+)/g, 'the level $1');

/** What to answer when the engine could not be asked; null for faults of our own. */
export const refusal = (error: unknown, level: Level, project: VerifyReport['project']): VerifyReport | null =>
  error instanceof EngineFault
    ? refusalJson(level, project, [{ code: error.code, message: inEditor(error.message) }])
    : null;
