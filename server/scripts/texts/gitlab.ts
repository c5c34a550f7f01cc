/** Jobs of a GitLab pipeline: the lines of one share a shell. */
import { entryOf, valueAt } from '../../syntax/tree.ts';
import { parseYaml } from '../../syntax/yaml.ts';
import { MapBuilder, type Mapped } from '../mapped.ts';
import { type Chunk, type ChunkReader, told } from './chunk.ts';
import { TESTS } from './workflow.ts';
import { entries, mappedScalar, scalars, textAt } from './yaml-text.ts';

const NO_JOBS = new Set(['default', 'include', 'variables', 'stages', 'workflow', 'cache', 'image', 'services']);

export const gitlab: ChunkReader = (source) => {
  const file = parseYaml(source).root ?? undefined;
  const shared = scalars(valueAt(file, 'before_script') ?? valueAt(valueAt(file, 'default'), 'before_script'));
  return entries(file).flatMap(([name, job]): Chunk[] => {
    if (job.kind !== 'map' || NO_JOBS.has(name)) return [];
    const before = entryOf(job, 'before_script') ? scalars(valueAt(job, 'before_script')) : shared;
    const lines = [...before, ...scalars(valueAt(job, 'script'))];
    const behind = scalars(valueAt(job, 'after_script'));
    const texts = [lines, behind].filter((list) => list.length > 0).map((list) => joined(list.map(mappedScalar)));
    if (texts.length === 0) return [];
    const variables = [...entries(valueAt(file, 'variables')), ...entries(valueAt(job, 'variables'))].flatMap(
      ([key, value]) => (value.kind === 'scalar' ? [[key, told(value.text)] as const] : []),
    );
    return [
      {
        name: name.replace(/^\./, ''),
        span: entryOf(file, name)?.key.span ?? job.span,
        texts,
        variables: new Map(variables),
        ephemeral:
          TESTS.test(name) ||
          TESTS.test(textAt(job, 'stage') ?? '') ||
          scalars(valueAt(job, 'services')).some(({ text }) => /dind/.test(text)),
      },
    ];
  });
};

function joined(texts: readonly Mapped[]): Mapped {
  const [first] = texts as [Mapped, ...Mapped[]];
  const builder = new MapBuilder(first.source, first.startOf(0));
  for (const text of texts) {
    builder.copy(text, 0, text.text.length);
    const end = text.endOf(text.text.length);
    builder.put('\n', end, end);
  }
  return builder.build();
}
