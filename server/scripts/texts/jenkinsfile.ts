import { type Source, spanOf } from '../../syntax/source.ts';
import { Mapped } from '../mapped.ts';
import { UNKNOWN } from '../model.ts';
import type { Chunk, ChunkReader } from './chunk.ts';
import { commandAt, GROOVY_PARTS, groovyPart, type Token, tokensOf } from './groovy.ts';
import { TESTS } from './workflow.ts';

interface Block {
  readonly folder: string | undefined;
  readonly stage: string | undefined;
}

/** Each `sh` step has a shell of its own, which starts in the workspace or in the `dir` around it. */
export const jenkinsfile: ChunkReader = (source) => {
  const tokens = [...tokensOf(source.text)];
  const values = new Map<string, string>();
  const open: Block[] = [];
  const chunks: Chunk[] = [];
  let entered: Block = { folder: undefined, stage: undefined };
  for (const [at, token] of tokens.entries()) {
    const [next, after] = tokens.slice(at + 1, at + 3);
    if (token.kind === 'sign' && token.text === '{') {
      open.push(entered);
      entered = { folder: undefined, stage: undefined };
    } else if (token.kind === 'sign' && token.text === '}') open.pop();
    else if (token.kind !== 'word') continue;
    else if (next?.kind === 'sign' && next.text === '=' && after?.kind === 'text')
      values.set(token.text, mapped(source, after, values).text);
    else if (token.text === 'dir' && next?.text === '(' && after?.kind === 'text')
      entered = { ...entered, folder: mapped(source, after, values).text };
    else if (token.text === 'stage' && next?.text === '(' && after?.kind === 'text')
      entered = { ...entered, stage: after.text };
    // What always comes at the end takes down what the stages have put up.
    else if (token.text === 'post' && next?.text === '{') entered = { ...entered, stage: 'post' };
    else if (token.text === 'sh') {
      const found = commandAt(tokens, at + 1);
      if (found !== undefined) chunks.push(stepOf(source, tokens[found]!, open, values));
    }
  }
  // A pipeline that tests throws away what it has made.
  const tests = chunks.some(({ name, ephemeral }) => name !== 'post' && ephemeral);
  return chunks.map((chunk) => (chunk.name === 'post' && tests ? { ...chunk, ephemeral: true } : chunk));
};

function stepOf(source: Source, text: Token, open: readonly Block[], values: ReadonlyMap<string, string>): Chunk {
  const stage = open.findLast((block) => block.stage !== undefined)?.stage ?? null;
  const folder = open.flatMap((block) => block.folder ?? []).join('/');
  return {
    name: stage,
    span: spanOf(source, text.start, text.end),
    texts: [mapped(source, text, values)],
    ...(folder === '' ? {} : { folder: folder.includes(UNKNOWN) ? null : folder }),
    ephemeral: open.some((block) => TESTS.test(block.stage ?? '')),
  };
}

/** What Groovy makes of a text. */
const mapped = (source: Source, { start, end, expands }: Token, values: ReadonlyMap<string, string>): Mapped =>
  Mapped.of(source, start, end).replace(GROOVY_PARTS, (match) =>
    groovyPart(match, expands, (name) => values.get(name) ?? UNKNOWN),
  );
