/** Steps of a GitHub workflow. */
import { type Node, type ScalarNode, valueAt } from '../../syntax/tree.ts';
import { parseYaml } from '../../syntax/yaml.ts';
import { UNKNOWN, type Within } from '../model.ts';
import { type Chunk, type ChunkReader, told } from './chunk.ts';
import { entries, items, mappedScalar, scalars, textAt } from './yaml-text.ts';

const EXPRESSION = /\$\{\{\s*(.*?)\s*\}\}/gs;
const HOSTED = /^(ubuntu|windows|macos)-/;
export const TESTS =
  /(^|[^a-z])(tests?|testing|e2e|integration|spec|lint|check|ci|smoke|cypress|playwright|bench|coverage|build)([^a-z]|$)/i;

/** An action that runs its `script` on another machine. */
const OVER_SSH = /(^|\/)ssh-(action|deploy\S*)(@|$)|ssh-remote-commands|(^|\/)ssh-(run|exec)\S*@/i;

export const workflow: ChunkReader = (source) => {
  const file = parseYaml(source).root ?? undefined;
  // A composite action has steps of its own.
  const jobs: readonly [string, Node | undefined][] = [...entries(valueAt(file, 'jobs')), ['', valueAt(file, 'runs')]];
  return jobs.flatMap(([id, job]) =>
    items(valueAt(job, 'steps')).flatMap((step): Chunk[] => {
      const own = valueAt(step, 'run');
      const uses = textAt(step, 'uses') ?? '';
      const remote = OVER_SSH.test(uses) ? valueAt(valueAt(step, 'with'), 'script') : undefined;
      const text = own ?? remote;
      if (text?.kind !== 'scalar') return [];
      const name = textAt(step, 'name') ?? (textAt(step, 'id') || null);
      const within: Within[] = own ? [] : [{ kind: 'host', name: null, by: null }];
      return [
        {
          name: [textAt(job, 'name') ?? id, name].filter((part) => part).join(' / ') || null,
          span: text.span,
          texts: [expressionless(text)],
          within,
          folder: own ? folderOf(step, job, file) : null,
          variables: variables(valueAt(file, 'env'), valueAt(job, 'env'), valueAt(step, 'env')),
          ephemeral: own !== undefined && isEphemeral(id, job),
        },
      ];
    }),
  );
};

const expressionless = (node: ScalarNode) =>
  mappedScalar(node).replace(EXPRESSION, ([, inner]) => (inner === 'github.workspace' ? '.' : UNKNOWN));

function folderOf(...nodes: readonly (Node | undefined)[]): string | null {
  const [step, ...rest] = nodes;
  const run = (node: Node | undefined): string | undefined =>
    textAt(valueAt(valueAt(node, 'defaults'), 'run'), 'working-directory');
  const folder = textAt(step, 'working-directory') ?? rest.map(run).find((one) => one !== undefined) ?? '';
  return folder.includes('${{') ? null : folder.replace(/^\.\/?/, '');
}

/** A hosted runner is thrown away with everything on it; one that an expression names may be. */
function isEphemeral(id: string, job: Node | undefined): boolean {
  if (TESTS.test(id)) return true;
  const runsOn = valueAt(job, 'runs-on');
  if (!runsOn) return false;
  const labels = runsOn.kind === 'map' ? scalars(valueAt(runsOn, 'labels')) : scalars(runsOn);
  if (labels.length === 0) return false;
  return labels.every(({ text }) => HOSTED.test(text) || text.includes('${{'));
}

function variables(...nodes: readonly (Node | undefined)[]) {
  return new Map(
    nodes
      .flatMap(entries)
      .flatMap(([name, value]) =>
        value.kind === 'scalar'
          ? [[name, value.text.includes('${{') ? { text: UNKNOWN, told: false } : told(value.text)] as const]
          : [],
      ),
  );
}
