/** `composePersistence.verify`: the live check, with progress and cancellation. Its argument is {@link VerifyArguments}. */
import {
  type CancellationToken,
  ErrorCodes,
  LSPErrorCodes,
  MessageType,
  ResponseError,
  type WorkDoneProgressReporter,
} from 'vscode-languageserver/node';
import type { Selection } from '../lint/model.ts';
import { LEVELS } from '../live/model.ts';
import type { EngineChoice, VerifiedMethod, VerifiedParams, VerifyCommand, VerifyReport } from '../protocol.ts';
import { isRecord } from './client.ts';
import type { Session } from './session.ts';
import { showMessage } from './show-message.ts';
import { baseName, directoryOf, isWithin, toPath } from './uris.ts';
import type { VerifyRequest } from './verify-run.ts';

export const VERIFY: VerifyCommand = 'composePersistence.verify';
const VERIFIED: VerifiedMethod = 'composePersistence/verified';

const TITLE = 'Verifying persistence';

export async function verify(
  session: Session,
  argument: unknown,
  token: CancellationToken,
  workDoneToken: string | number | undefined,
): Promise<VerifyReport | ResponseError<void>> {
  const { uri, level: asked = 'inspect', services, files, engine } = isRecord(argument) ? argument : {};
  if (!session.client.trusted) {
    const message =
      'Verify persistence talks to a container engine, which an untrusted workspace may not do. Trust the workspace first.';
    return new ResponseError(LSPErrorCodes.RequestFailed, message);
  }
  if (typeof uri !== 'string') return new ResponseError(ErrorCodes.InvalidParams, 'The argument is { uri, level? }');
  const level = LEVELS.find((one) => one === asked);
  if (!level) {
    const message = `There is no level ${String(asked)}; there are ${LEVELS.join(', ')}`;
    return new ResponseError(ErrorCodes.InvalidParams, message);
  }
  const path = toPath(uri);
  const found = path === null ? null : await projectOf(session, path, textsIn(files));
  if (!found) return new ResponseError(ErrorCodes.InvalidParams, `${uri} belongs to no project of Compose or Quadlet`);

  const { analysed } = found;
  if (level === 'drill' && analysed.project.runtime === 'quadlet') {
    const message =
      'A drill starts a copy of the project with Compose, which cannot be done with units. Choose another level.';
    return new ResponseError(LSPErrorCodes.RequestFailed, message);
  }
  const progress = await progressFor(session, workDoneToken);
  const cancel = new AbortController();
  const subscriptions = [token, progress.token].map((one) => one?.onCancellationRequested(() => cancel.abort()));
  progress.reporter?.begin(TITLE, 0, analysed.project.name, true);
  const request = { ...found, level, services: textsIn(services), engine: choiceOf(engine), signal: cancel.signal };
  try {
    const report = await run(session, request, progress.reporter);
    await tell(session, uri, report);
    return report;
  } finally {
    progress.reporter?.done();
    for (const subscription of subscriptions) subscription?.dispose();
  }
}

const textsIn = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];

/** An empty text is a setting that was left empty. */
function choiceOf(value: unknown): EngineChoice {
  const { host, context } = isRecord(value) ? value : {};
  return {
    ...(typeof host === 'string' && host !== '' ? { host } : {}),
    ...(typeof context === 'string' && context !== '' ? { context } : {}),
  };
}

/** Of the projects that the file is in the one of `wanted`, else the first: the one that Compose would run. */
async function projectOf(
  { loadEngine, files, configuration }: Session,
  path: string,
  wanted: readonly string[],
): Promise<Pick<VerifyRequest, 'analysed' | 'checks'> | null> {
  const engine = await loadEngine();
  if (files.kind(path) !== 'file') return null;
  const settings = await configuration.settingsFor(path);
  const top = configuration.folderOf(path) ?? directoryOf(path);
  const isProject = engine.isCompose(files, path) || engine.kindByName(path) === 'quadlet';
  const selections = isProject ? engine.selectionsFor(files, path, settings, top) : [];
  const meant = wanted.map(toPath).join('\n');
  const isMeant = (selection: Selection): boolean => selection.files.join('\n') === meant;
  const selection = selections.find(isMeant) ?? selections[0];
  if (!selection) return null;
  const { analysed } = await engine.createLinter(files).lint(selection, settings);
  return analysed.project.files.length > 0 ? { analysed, checks: settings.checks ?? [] } : null;
}

async function run(
  { live, log, scheduler }: Session,
  request: VerifyRequest,
  reporter: WorkDoneProgressReporter | undefined,
): Promise<VerifyReport> {
  const { analysed, level, signal } = request;
  // Loaded when somebody verifies for the first time.
  const { check, refusal } = await import('./verify-run.ts');
  const project = { name: analysed.project.name, files: analysed.project.files.map((source) => source.path) };
  try {
    const report = await check(request, ({ message, done, total }) =>
      reporter?.report(Math.round((100 * done) / Math.max(total, 1)), message),
    );
    const { engine } = report;
    log.info(`Verified ${project.name} on ${engine.name} ${engine.version} at ${engine.endpoint} (${engine.reason})`);
    live.set(analysed, report.findings, request.services);
    void scheduler.now();
    return report.json;
  } catch (error) {
    const refused = refusal(error, level, project);
    if (!refused) throw error;
    if (signal.aborted) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'The verification was cancelled');
    for (const { message } of refused.errors) {
      log.info(`Verifying ${project.files.map(baseName).join(', ')}: ${message}`);
    }
    return refused;
  }
}

/** An editor that shows no reports is told in a sentence. */
async function tell({ connection, client, configuration }: Session, uri: string, report: VerifyReport): Promise<void> {
  const { verifyMarkdown, verifySummary } = await import('./verify-run.ts');
  const { project, errors } = report;
  const folder = configuration.folderOf(toPath(uri) ?? '');
  const near = (file: string): string =>
    folder !== null && isWithin(file, folder) ? file.slice(folder.length).replace(/^\//, '') : file;
  const summary = verifySummary(report);
  const markdown = verifyMarkdown({ ...report, project: { ...project, files: project.files.map(near) } });
  const params: VerifiedParams = { uri, report, summary, markdown };
  await connection.sendNotification(VERIFIED, params);
  if (client.showsReports) return;
  if (report.engine) await showMessage(connection, MessageType.Info, `${project.name}: ${summary}`);
  else for (const { message } of errors) await showMessage(connection, MessageType.Error, message);
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
