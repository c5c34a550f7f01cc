/** The live check as the language server runs it: one module to load when it is first needed. */
import { ephemeralServices } from '../lint/suppressions.ts';
import { connect } from '../live/connect.ts';
import type { EngineIdentity } from '../live/engine.ts';
import { EngineFault } from '../live/fault.ts';
import { thisMachine } from '../live/machine.ts';
import type { LiveFinding, Progress } from '../live/model.ts';
import { refusalJson, reportJson } from '../live/report-json.ts';
import { verify } from '../live/verify.ts';
import type { VerifyReport } from '../protocol.ts';
import type { AnalysedProject } from '../stores/model.ts';

export interface Checked {
  readonly engine: EngineIdentity;
  readonly findings: readonly LiveFinding[];
  readonly json: VerifyReport;
}

/** @throws EngineFault */
export async function check(
  project: AnalysedProject,
  services: readonly string[],
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<Checked> {
  const machine = thisMachine();
  const engine = await connect({ access: 'inspect', machine, signal });
  try {
    const ephemeral = ephemeralServices(project);
    const report = await verify(engine, {
      project,
      runtime: 'compose',
      machine,
      services,
      ephemeral,
      signal,
      onProgress,
    });
    return { engine: report.engine, findings: report.findings, json: reportJson(report, (file) => file) };
  } finally {
    engine.close();
  }
}

/** What to answer when the engine could not be asked; null for faults of our own. */
export const refusal = (error: unknown, project: VerifyReport['project']): VerifyReport | null =>
  error instanceof EngineFault ? refusalJson('inspect', project, [{ code: error.code, message: error.message }]) : null;
