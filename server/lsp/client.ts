/** What the editor can do, read once from its `initialize` request. Whatever it does not declare, it is not sent. */
import type { InitializeParams } from 'vscode-languageserver/node';
import { slashed } from '../files.ts';
import { toPath } from './uris.ts';

export interface Client {
  readonly pullsDiagnostics: boolean;
  readonly refreshesDiagnostics: boolean;
  readonly answersConfiguration: boolean;
  readonly registersConfiguration: boolean;
  readonly registersWatchers: boolean;
  /** Tells of every change on disk, whoever made it (`initializationOptions.watches`). */
  readonly watches: boolean;
  readonly workspaceFolders: boolean;
  readonly codeActionLiterals: boolean;
  readonly preferredActions: boolean;
  readonly documentChanges: boolean;
  readonly createsFiles: boolean;
  readonly relatedInformation: boolean;
  readonly codeDescription: boolean;
  readonly diagnosticData: boolean;
  readonly diagnosticVersions: boolean;
  readonly showsDocuments: boolean;
  /** Commands that the editor runs itself (`initializationOptions.commands`). */
  readonly commands: ReadonlySet<string>;
  /** Understands `composePersistence/projects` (`initializationOptions.projects`). */
  readonly showsProjects: boolean;
  /** Settings for editors that cannot be asked (`initializationOptions.settings`). */
  readonly settings: unknown;
  /** False: the workspace is not trusted (`initializationOptions.trusted`), so nothing outside is talked to. */
  readonly trusted: boolean;
  readonly createsProgress: boolean;
  /** Understands `composePersistence/verified` (`initializationOptions.verified`). */
  readonly showsReports: boolean;
  readonly codeLenses: boolean;
  readonly refreshesCodeLenses: boolean;
  readonly foldingRanges: boolean;
  readonly registersFolding: boolean;
  readonly folders: readonly string[];
}

export function readClient(params: InitializeParams): Client {
  const { textDocument, workspace, window } = params.capabilities;
  const options = isRecord(params.initializationOptions) ? params.initializationOptions : {};
  const { commands, settings, projects, trusted, verified, watches } = options;
  const shows = (what: 'relatedInformation' | 'codeDescriptionSupport' | 'dataSupport'): boolean =>
    textDocument?.publishDiagnostics?.[what] === true || textDocument?.diagnostic?.[what] === true;
  return {
    pullsDiagnostics: textDocument?.diagnostic !== undefined,
    refreshesDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    answersConfiguration: workspace?.configuration === true,
    registersConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    registersWatchers: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    watches: watches === true && workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    codeActionLiterals: textDocument?.codeAction?.codeActionLiteralSupport !== undefined,
    preferredActions: textDocument?.codeAction?.isPreferredSupport === true,
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
    createsFiles: workspace?.workspaceEdit?.resourceOperations?.includes('create') === true,
    relatedInformation: shows('relatedInformation'),
    codeDescription: shows('codeDescriptionSupport'),
    diagnosticData: shows('dataSupport'),
    diagnosticVersions: textDocument?.publishDiagnostics?.versionSupport === true,
    showsDocuments: window?.showDocument?.support === true,
    commands: new Set(Array.isArray(commands) ? commands.filter((name) => typeof name === 'string') : []),
    showsProjects: projects === true,
    settings,
    trusted: trusted !== false,
    createsProgress: window?.workDoneProgress === true,
    showsReports: verified === true,
    codeLenses: textDocument?.codeLens !== undefined,
    refreshesCodeLenses: workspace?.codeLens?.refreshSupport === true,
    foldingRanges: textDocument?.foldingRange !== undefined,
    registersFolding: textDocument?.foldingRange?.dynamicRegistration === true,
    folders: foldersOf(params),
  };
}

function foldersOf(params: InitializeParams): string[] {
  const uris = params.workspaceFolders?.map((folder) => folder.uri) ?? (params.rootUri ? [params.rootUri] : []);
  if (uris.length === 0 && params.rootPath) return [withoutEnd(slashed(params.rootPath))];
  return toFolders(uris);
}

export const toFolders = (uris: readonly string[]): string[] =>
  uris
    .map(toPath)
    .filter((path) => path !== null)
    .map(withoutEnd);

const withoutEnd = (path: string): string => path.replace(/(?<=.)\/+$/, '');

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
