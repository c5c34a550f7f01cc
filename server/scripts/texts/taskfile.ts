import { entryOf, type Node, valueAt } from '../../syntax/tree.ts';
import { parseYaml } from '../../syntax/yaml.ts';
import { UNKNOWN } from '../model.ts';
import type { Chunk, ChunkReader } from './chunk.ts';
import { told } from './chunk.ts';
import { entries, items, mappedScalar, scalars, textAt } from './yaml-text.ts';

const TEMPLATE = /\{\{-?\s*(?:\.(\w+)\s*)?.*?\}\}/gs;

export const taskfile: ChunkReader = (source) => {
  const file = parseYaml(source).root ?? undefined;
  return entries(valueAt(file, 'tasks')).map(([name, task]): Chunk => {
    const values = new Map([...literals(valueAt(file, 'vars')), ...literals(valueAt(task, 'vars'))]);
    const commands =
      task.kind === 'map' ? [...items(valueAt(task, 'cmds')), ...items(valueAt(task, 'cmd'))] : items(task);
    const lines = commands.flatMap((one) => [...(one.kind === 'scalar' ? [one] : []), ...scalars(valueAt(one, 'cmd'))]);
    const called = [...items(valueAt(task, 'deps')), ...commands].flatMap((one) =>
      one.kind === 'scalar' ? [] : (textAt(one, 'task') ?? []),
    );
    const folder = textAt(task, 'dir');
    return {
      name,
      span: entryOf(valueAt(file, 'tasks'), name)?.key.span ?? task.span,
      texts: lines.map((line) =>
        mappedScalar(line).replace(TEMPLATE, ([, variable]) => values.get(variable ?? '') ?? UNKNOWN),
      ),
      variables: new Map(
        [...literals(valueAt(file, 'env')), ...literals(valueAt(task, 'env'))].map(([key, text]) => [key, told(text)]),
      ),
      ...(folder === undefined ? {} : { folder: folder.includes('{{') ? null : folder }),
      confirmed: entryOf(task, 'prompt') !== undefined,
      after: [...called, ...items(valueAt(task, 'deps')).flatMap((one) => (one.kind === 'scalar' ? [one.text] : []))],
      prose: [textAt(task, 'desc'), textAt(task, 'summary')].filter((text) => text !== undefined).join(' '),
    };
  });
};

const literals = (node: Node | undefined): [string, string][] =>
  entries(node).flatMap(([name, value]): [string, string][] =>
    value.kind === 'scalar' && !value.text.includes('{{') ? [[name, value.text]] : [],
  );
