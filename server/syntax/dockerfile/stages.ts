/** The instructions of a Dockerfile sorted into stages, and how stages are found. */
import type { Source, Span } from '../source.ts';
import type { Instruction, InstructionList } from './instructions.ts';
import type { EscapeChar } from './lines.ts';
import type { Word } from './words.ts';
import { blankWords } from './words.ts';

export interface Stage {
  readonly name: string | null;
  readonly base: Word;
  readonly from: Instruction;
  readonly body: readonly Instruction[];
  readonly span: Span;
}

export interface Plan {
  readonly source: Source;
  readonly escapeChar: EscapeChar;
  /** What stands before the first FROM: only ARG may. */
  readonly head: readonly Instruction[];
  readonly stages: readonly Stage[];
}

export function planOf(source: Source, { instructions, escapeChar }: InstructionList): Plan {
  const starts = instructions.flatMap((instruction, i) => (instruction.keyword === 'FROM' ? i : []));
  return {
    source,
    escapeChar,
    head: instructions.slice(0, starts[0] ?? instructions.length),
    stages: starts.map((start, i) => stageOf(instructions.slice(start, starts[i + 1] ?? instructions.length))),
  };
}

function stageOf([from, ...body]: readonly Instruction[]): Stage {
  const words = blankWords(from!.args);
  const named = words[1] && /^as$/i.test(words[1].text) ? words[2] : undefined;
  const end = from!.keywordSpan.end;
  return {
    name: named?.text ?? null,
    base: words[0] ?? { text: '', span: { ...from!.keywordSpan, start: end } },
    from: from!,
    body,
    span: { ...from!.span, end: (body.at(-1) ?? from!).span.end },
  };
}

/** The stage of this name, written in any case, among those before `before`; the last one wins. -1 for none. */
export function findStage(plan: Plan, name: string, before = plan.stages.length): number {
  const wanted = name.toLowerCase();
  for (let i = before - 1; i >= 0; i--) {
    if (plan.stages[i]!.name?.toLowerCase() === wanted) return i;
  }
  return -1;
}

/** What `--from` names: a stage by name or index, the nearest before `current` first; -1 for an image. */
export function sourceStage(plan: Plan, from: string, current: number): number {
  if (/^\d+$/.test(from)) return Number(from) < plan.stages.length ? Number(from) : -1;
  const earlier = findStage(plan, from, current);
  return earlier >= 0 ? earlier : findStage(plan, from);
}
