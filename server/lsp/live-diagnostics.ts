/** What the last verification found, shown at the services until one of the files it was about says something else. */
import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver/node';
import type { Files } from '../files.ts';
import type { LiveFinding } from '../live/model.ts';
import type { AnalysedProject } from '../stores/model.ts';
import { rangeOf, type Source, type Span } from '../syntax/source.ts';
import { placeOf } from './place.ts';

export const LIVE_SOURCE = 'persistence (live)';

const SEVERITIES: Readonly<Record<LiveFinding['severity'], DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

interface Verified {
  readonly sources: readonly Source[];
  readonly findings: readonly LiveFinding[];
  readonly diagnostics: ReadonlyMap<string, readonly Diagnostic[]>;
}

export class LiveDiagnostics {
  private readonly files: Files;
  /** By the first file of the project. */
  private readonly verified = new Map<string, Verified>();

  constructor(files: Files) {
    this.files = files;
  }

  /** @param services that were looked at, none: all; what was found at others stays */
  set({ project }: AnalysedProject, found: readonly LiveFinding[], services: readonly string[]): void {
    const base = project.files[0];
    if (!base) return;
    const findings = [...found, ...this.earlier(base.path, services)];
    const keys = new Map(project.services.map((service) => [service.name, service.key]));
    const whole = project.nameSpan ?? project.services[0]?.key ?? { source: base, start: 0, end: 0 };
    const diagnostics = new Map<string, Diagnostic[]>();
    for (const finding of findings) {
      const span = placeOf(keys.get(finding.service ?? '') ?? whole);
      const { path } = span.source;
      diagnostics.set(path, [...(diagnostics.get(path) ?? []), toDiagnostic(finding, span)]);
    }
    this.verified.set(base.path, { sources: project.files, findings, diagnostics });
  }

  private earlier(base: string, services: readonly string[]): readonly LiveFinding[] {
    this.forgetOutdated();
    const { findings = [] } = services.length > 0 ? (this.verified.get(base) ?? {}) : {};
    return findings.filter(({ service }) => service !== undefined && !services.includes(service));
  }

  for(path: string): readonly Diagnostic[] {
    this.forgetOutdated();
    return [...this.verified.values()].flatMap(({ diagnostics }) => diagnostics.get(path) ?? []);
  }

  paths(): string[] {
    this.forgetOutdated();
    return [...this.verified.values()].flatMap(({ diagnostics }) => [...diagnostics.keys()]);
  }

  private forgetOutdated(): void {
    for (const [base, { sources }] of this.verified) {
      if (!sources.every((source) => this.isCurrent(source))) this.verified.delete(base);
    }
  }

  private isCurrent({ path, text }: Source): boolean {
    try {
      return this.files.read(path).text === text;
    } catch {
      return false;
    }
  }
}

const toDiagnostic = ({ rule, severity, message }: LiveFinding, span: Span): Diagnostic => ({
  range: rangeOf(span),
  severity: SEVERITIES[severity],
  code: rule,
  source: LIVE_SOURCE,
  message,
});
