/** Random projects: a plain one, changed by a few of the topics below. The same seed makes the same projects. */
import type { TestProject } from './project.ts';
import { type Random, randomFrom } from './random.ts';
import { ATTRIBUTES } from './topics/attributes.ts';
import type { Draft, Topic } from './topics/draft.ts';
import { FAULTS } from './topics/faults.ts';
import { FILES } from './topics/files.ts';
import { LAYERS } from './topics/layers.ts';
import { VARIABLES } from './topics/variables.ts';
import { VOLUMES } from './topics/volumes.ts';
import { type Value, writeYaml } from './write-yaml.ts';

const TOPICS: readonly Topic[] = [...ATTRIBUTES, ...VOLUMES, ...VARIABLES, ...LAYERS, ...FILES];

export function* generate(seed: number, count: number): Generator<TestProject> {
  for (let index = 0; index < count; index++) yield one(randomFrom(seed * 1_000_003 + index), `${seed}-${index}`);
}

function one(random: Random, name: string): TestProject {
  const draft = plainProject(random);
  const topics = random.some(TOPICS, 4);
  for (const topic of topics) topic.change(random, draft);
  const faults = random.chance(0.3) ? [random.pick(FAULTS)] : [];
  for (const fault of faults) fault.change(random, draft);
  const files: Record<string, string> = {};
  for (const [file, tree] of Object.entries(draft.trees)) files[file] = writeYaml(random, tree as Value);
  Object.assign(files, draft.texts);
  if (draft.dotenv.length > 0) files['.env'] = `${draft.dotenv.join('\n')}\n`;
  const names = [...topics, ...faults].map((topic) => topic.name).join(', ');
  return { name: `${name} (${names})`, files, argv: draft.argv, env: draft.env };
}

function plainProject(random: Random): Draft {
  const services: Record<string, Record<string, never>> = {};
  const names = ['web', 'db', 'job'].slice(0, 1 + random.below(3));
  for (const service of names)
    services[service] = { image: random.pick(['nginx', 'postgres:16', 'r.example.com:5000/a/b@sha256:00']) } as never;
  return {
    trees: { [random.pick(['compose.yaml', 'compose.yaml', 'docker-compose.yml'])]: { services } },
    texts: {},
    dotenv: [],
    env: {},
    argv: [],
  };
}
