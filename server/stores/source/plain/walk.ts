/** What the readers of the languages have in common: the way through the statements. */
import { child, type SyntaxNode } from '../tree.ts';
import type { Language, Module, Tested } from './code.ts';
import { Recorder } from './recorder.ts';

type Read = (record: Recorder, node: SyntaxNode) => void;

/** A reader that hands each statement to `read`, unless it is nested too deeply. */
export function walking(language: Language, read: Read) {
  const statement: Read = (record, node) => record.nested(() => read(record, node), undefined);
  const inside: Read = (record, node) => {
    for (const inner of node.children) statement(record, inner);
  };
  const module = (path: string, text: string, root: SyntaxNode): Module => {
    const record = new Recorder(path, text, language);
    inside(record, root);
    return record.module;
  };
  return { statement, inside, module };
}

export const opposite = (test: Tested | null): Tested | null => test && { ...test, present: !test.present };

/** A statement with a condition and two sides, of which one alone runs. */
export function eitherSide(
  record: Recorder,
  node: SyntaxNode,
  tested: (record: Recorder, condition: SyntaxNode) => Tested | null,
  statement: Read,
): void {
  const condition = child(node, 'condition');
  const test = condition ? tested(record, condition) : null;
  const [yes, no] = [child(node, 'consequence'), child(node, 'alternative')];
  if (condition) statement(record, condition);
  if (yes) record.when(test, () => statement(record, yes));
  if (no) record.when(opposite(test), () => statement(record, no));
}
