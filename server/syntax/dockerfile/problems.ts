/** What the builder refuses whatever the build arguments are. */
import type { Problem } from '../source.ts';
import { copyWords } from './copy.ts';
import type { Instruction } from './instructions.ts';
import type { Plan } from './stages.ts';
import { sourceStage } from './stages.ts';
import { expand } from './variables.ts';
import type { Word } from './words.ts';
import { blankWords, pairsOf, regionSpan, wordAt } from './words.ts';

export function problemsOf(plan: Plan): Problem[] {
  const { source, head, stages } = plan;
  const problems: Problem[] = [];
  if (stages.length === 0) {
    const start = head[0]?.keywordSpan.start ?? 0;
    problems.push({
      span: { source, start, end: head[0]?.keywordSpan.end ?? start },
      message: 'There is no FROM, so there is nothing to build.',
    });
  } else {
    for (const { keyword, keywordSpan } of head) {
      if (keyword !== 'ARG')
        problems.push({ span: keywordSpan, message: `${keyword} cannot stand before the first FROM.` });
    }
  }
  for (const instruction of head) problems.push(...wordProblems(instruction, plan));
  for (const [index, { from, body }] of stages.entries()) {
    problems.push(...fromProblems(from));
    for (const instruction of [from, ...body]) {
      problems.push(...shapeProblems(instruction), ...wordProblems(instruction, plan));
      if (instruction.keyword === 'COPY') problems.push(...sourceProblems(instruction, plan, index));
    }
  }
  return problems;
}

function fromProblems(from: Instruction): Problem[] {
  const words = blankWords(from.args);
  const correct = words.length === 1 || (words.length === 3 && /^as$/i.test(words[1]!.text));
  return correct ? [] : [{ span: from.span, message: "FROM needs an image, or an image, 'AS' and a name." }];
}

const JSON_KEYWORDS = new Set(['ADD', 'CMD', 'COPY', 'ENTRYPOINT', 'RUN', 'SHELL', 'VOLUME']);

function shapeProblems(instruction: Instruction): Problem[] {
  const { keyword, json, args, span } = instruction;
  if (json === 'mixed' && JSON_KEYWORDS.has(keyword)) {
    return [{ span: regionSpan(args), message: `The JSON array of ${keyword} may hold strings only.` }];
  }
  if ((keyword === 'COPY' || keyword === 'ADD') && !copyWords(instruction)) {
    return [{ span, message: `${keyword} needs a source and a destination.` }];
  }
  return [];
}

function sourceProblems(copy: Instruction, plan: Plan, current: number): Problem[] {
  const flag = copy.flags.findLast(({ name }) => name === 'from');
  if (!flag?.value) return [];
  if (expand(flag.value, new Map(), plan.escapeChar).value !== flag.value) {
    return [{ span: flag.span, message: 'Variables are not replaced in --from; name a stage of its own instead.' }];
  }
  const stage = sourceStage(plan, flag.value, current);
  if (stage < 0 && /^\d+$/.test(flag.value)) {
    return [{ span: flag.span, message: `There is no stage ${flag.value}.` }];
  }
  if (stage >= current)
    return [{ span: flag.span, message: `The stage '${flag.value}' is not built before this one.` }];
  return [];
}

/** The words in which variables are replaced. */
function substitutedWords(instruction: Instruction, plan: Plan): readonly Word[] {
  const { keyword, args, json } = instruction;
  if (keyword === 'ENV' || keyword === 'ARG') return pairsOf(args, plan.escapeChar).flatMap(({ value }) => value ?? []);
  if (keyword === 'WORKDIR' || keyword === 'USER') return [wordAt(args.line, args.start, args.end)];
  if (keyword === 'FROM') return blankWords(args).slice(0, 1);
  if (keyword !== 'COPY' && keyword !== 'ADD' && keyword !== 'VOLUME') return [];
  return json === 'mixed' ? [] : (json ?? blankWords(args));
}

const wordProblems = (instruction: Instruction, plan: Plan): Problem[] =>
  substitutedWords(instruction, plan).flatMap((word) => {
    const { error } = expand(word.text, new Map(), plan.escapeChar);
    return error === null ? [] : [{ span: word.span, message: error }];
  });
