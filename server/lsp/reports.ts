/** What is to be shown for each file, and which files there is something to show for. */
import type { Diagnostic } from 'vscode-languageserver/node';
import type { Files } from '../files.ts';
import type { SettingsProblem } from '../lint/model.ts';
import type { Client } from './client.ts';
import { Configuration } from './configuration.ts';
import { toDiagnostic } from './convert.ts';
import type { Documents } from './documents.ts';
import type { LiveDiagnostics } from './live-diagnostics.ts';
import { fileOf } from './place.ts';
import type { Projects } from './projects.ts';
import { problemDiagnostics } from './settings-problems.ts';

export interface ReportsParts {
  readonly client: Client;
  readonly files: Files;
  readonly documents: Documents;
  readonly projects: Projects;
  readonly configuration: Configuration;
  readonly live: LiveDiagnostics;
}

export class Reports {
  private readonly parts: ReportsParts;

  constructor(parts: ReportsParts) {
    this.parts = parts;
  }

  /** Of the last runs; nothing is linted here. */
  async diagnosticsFor(path: string): Promise<Diagnostic[]> {
    const { client, files, documents, projects, live } = this.parts;
    const diagnostics = projects.findingsIn(path).map((finding) => toDiagnostic(finding, client, documents));
    if (Configuration.isFile(path)) diagnostics.push(...problemDiagnostics(files, path, await this.settingsProblems()));
    diagnostics.push(...live.for(path));
    return unique(diagnostics).sort(byPlace);
  }

  /** Files that are not open and have something to show. */
  async closedFiles(): Promise<Set<string>> {
    const { documents, projects, live } = this.parts;
    const paths = new Set<string>();
    for (const project of projects.all()) {
      if (!project.owned) continue;
      for (const finding of project.outcome?.findings ?? []) paths.add(fileOf(finding));
    }
    for (const problem of await this.settingsProblems()) if (problem.file !== undefined) paths.add(problem.file);
    for (const path of live.paths()) paths.add(path);
    for (const path of documents.paths()) paths.delete(path);
    return paths;
  }

  /** Of every configuration that an open document stands under. */
  async settingsProblems(): Promise<SettingsProblem[]> {
    const { configuration, documents, projects } = this.parts;
    const concerned = new Set(documents.paths().filter(Configuration.isFile));
    for (const project of projects.all()) if (project.owned) concerned.add(project.base);
    const problems: SettingsProblem[] = [];
    for (const path of concerned) problems.push(...(await configuration.problemsFor(path)));
    return problems;
  }
}

/** Two projects that share a file say the same of it. */
function unique(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Map<string, Diagnostic>();
  for (const diagnostic of diagnostics) {
    const { range, code, severity, message } = diagnostic;
    seen.set(JSON.stringify([range, code, severity, message]), diagnostic);
  }
  return [...seen.values()];
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  const [from, to] = [a.range.start, b.range.start];
  return from.line - to.line || from.character - to.character || (a.severity ?? 0) - (b.severity ?? 0);
}
