/** Shorthands of the Dockerfile tests. */
import type { CopyStep, RunStep, StageResult, Value } from '../../server/syntax/dockerfile.ts';
import { parseDockerfile } from '../../server/syntax/dockerfile.ts';
import type { Span } from '../../server/syntax/source.ts';
import { rangeOf, textOf } from '../../server/syntax/source.ts';

export const parse = (text: string) => parseDockerfile({ path: '/project/Dockerfile', text });

export const stageOf = (text: string, args: Record<string, string | null> = {}, target?: string): StageResult =>
  parse(text).stage(target, new Map(Object.entries(args)))!;

export const environmentOf = (text: string, args: Record<string, string | null> = {}): Record<string, string> =>
  Object.fromEntries([...stageOf(text, args).environment].map(([name, { value }]) => [name, value]));

export const copiesOf = (stage: StageResult): CopyStep[] =>
  stage.steps.flatMap((step) => (step.kind === 'copy' ? step.copy : []));

export const runsOf = (stage: StageResult): RunStep[] =>
  stage.steps.flatMap((step) => (step.kind === 'run' ? step.run : []));

/** The steps of `FROM scratch` and one line. */
export const copyOf = (line: string): CopyStep => copiesOf(stageOf(`FROM scratch\n${line}\n`))[0]!;

export const runOf = (lines: string): RunStep => runsOf(stageOf(`FROM scratch\n${lines}\n`))[0]!;

export const values = (list: readonly Value[]): string[] => list.map(({ value }) => value);

export const written = (list: readonly Value[]): string[] => list.map(({ span }) => textOf(span));

/** `line:character-line:character`, counted from zero. */
export function place(span: Span): string {
  const { start, end } = rangeOf(span);
  return `${start.line}:${start.character}-${end.line}:${end.character}`;
}

export const messages = (text: string): string[] =>
  parse(text).problems.map(({ span, message }) => `${place(span)} ${message}`);
