/** `composePersistence.verify`: the live check, with progress and cancellation. Its argument is {@link VerifyArguments}. */
import {
  type CancellationToken,
  ErrorCodes,
  LSPErrorCodes,
  MessageType,
  ResponseError,
  type WorkDoneProgressReporter,
} from 'vscode-languageserver/node';
import type { VerifiedMethod, VerifiedParams, VerifyCommand, VerifyReport } from '../protocol.ts';
import type { AnalysedProject } from '../stores/model.ts';
import { isRecord } from './client.ts';
import type { Session } from './session.ts';
import { showMessage } from './show-message.ts';
import { baseName, directoryOf, toPath } from './uris.ts';

export const VERIFY: VerifyCommand = 'composePersistence.verify';
const VERIFIED: VerifiedMethod = 'composePersistence/verified';

const TITLE = 'Verifying persistence';

export async function verify(
  session: Session,
  argument: unknown,
  token: CancellationToken,
  workDoneToken: string | number | undefined,
): Promise<VerifyReport | ResponseError<void>> {
  const { uri, level = 'inspect', services } = isRecord(argument) ? argument : {};
  if (!session.client.trusted) {
    const message =
      'Verify persistence talks to a container engine, which an untrusted workspace may not do. Trust the workspace first.';
    return new ResponseError(LSPErrorCodes.RequestFailed, message);
  }
  if (typeof uri !== 'string') return new ResponseError(ErrorCodes.InvalidParams, 'The argument is { uri, level? }');
  if (level !== 'inspect') {
    return new ResponseError(ErrorCodes.InvalidParams, `The level ${String(level)} is not built yet; there is inspect`);
  }
  const path = toPath(uri);
  const analysed = path === null ? null : await projectOf(session, path);
  if (!analysed) return new ResponseError(ErrorCodes.InvalidParams, `${uri} belongs to no Compose project`);

  const progress = await progressFor(session, workDoneToken);
  const cancel = new AbortController();
  const subscriptions = [token, progress.token].map((one) => one?.onCancellationRequested(() => cancel.abort()));
  progress.reporter?.begin(TITLE, 0, analysed.project.name, true);
  try {
    const report = await run(session, analysed, namesIn(services), cancel.signal, progress.reporter);
    const params: VerifiedParams = { uri, report };
    await session.connection.sendNotification(VERIFIED, params);
    return report;
  } finally {
    progress.reporter?.done();
    for (const subscription of subscriptions) subscription?.dispose();
  }
}

const namesIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];

/** The first of those that the file is in: the one that Compose would run. */
async function projectOf({ loadEngine, files, configuration }: Session, path: string): Promise<AnalysedProject | null> {
  const engine = await loadEngine();
  if (files.kind(path) !== 'file') return null;
  const settings = await configuration.settingsFor(path);
  const top = configuration.folderOf(path) ?? directoryOf(path);
  const [selection] = engine.isCompose(files, path) ? engine.selectionsFor(files, path, settings, top) : [];
  if (!selection) return null;
  const { analysed } = await engine.createLinter(files).lint(selection, settings);
  return analysed.project.files.length > 0 ? analysed : null;
}

async function run(
  { connection, live, log, scheduler }: Session,
  analysed: AnalysedProject,
  services: readonly string[],
  signal: AbortSignal,
  reporter: WorkDoneProgressReporter | undefined,
): Promise<VerifyReport> {
  // Loaded when somebody verifies for the first time.
  const { check, refusal } = await import('./verify-run.ts');
  const project = { name: analysed.project.name, files: analysed.project.files.map((source) => source.path) };
  try {
    const report = await check(analysed, services, signal, ({ message, done, total }) =>
      reporter?.report(Math.round((100 * done) / Math.max(total, 1)), message),
    );
    const { engine } = report;
    log.info(`Verified ${project.name} on ${engine.name} ${engine.version} at ${engine.endpoint} (${engine.reason})`);
    live.set(analysed, report.findings);
    void scheduler.now();
    return report.json;
  } catch (error) {
    const refused = refusal(error, project);
    if (!refused) throw error;
    if (signal.aborted) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'The verification was cancelled');
    for (const { message } of refused.errors) {
      log.info(`Verifying ${project.files.map(baseName).join(', ')}: ${message}`);
      await showMessage(connection, MessageType.Error, message);
    }
    return refused;
  }
}

interface Shown {
  readonly reporter?: WorkDoneProgressReporter;
  /** Of a progress that the server made: the editor cancels it by itself. */
  readonly token?: CancellationToken;
}

async function progressFor(
  { connection, client }: Session,
  workDoneToken: string | number | undefined,
): Promise<Shown> {
  if (workDoneToken !== undefined) return { reporter: connection.window.attachWorkDoneProgress(workDoneToken) };
  if (!client.createsProgress) return {};
  const reporter = await connection.window.createWorkDoneProgress();
  return { reporter, token: reporter.token };
}
