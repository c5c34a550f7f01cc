import { removeMapEntries } from '../../fixes/map.ts';
import type { TopLevelVolume } from '../../project/model.ts';
import type { Fix, Rule } from '../rule.ts';

const rule: Rule = {
  name: 'external-volume-with-options',
  severity: 'error',
  summary: 'A volume is external and also says how it is made.',
  rationale:
    'An external volume exists already: Compose does not create it, and refuses a project that gives it a driver, options or labels. Either it is external and made by hand, or Compose makes it.',
  bad: 'services:\n  db:\n    image: postgres:16\n    volumes:\n      - pg:/var/lib/postgresql/data\n\nvolumes:\n  pg:\n    external: true\n    driver: local\n',
  good: 'services:\n  db:\n    image: postgres:16\n    volumes:\n      - pg:/var/lib/postgresql/data\n\nvolumes:\n  pg:\n    external: true\n',
  fixSafety: 'both',
  fixNote:
    'Dropping the options keeps the volume that exists. Dropping `external` makes Compose look for another volume: existing data has to be copied.',
  since: '0.1.0',
  refusal: true,
  *check({ analysed: { project } }) {
    for (const volume of project.volumes.values()) {
      const extra = optionsOf(volume);
      const first = extra[0];
      if (!volume.external || !volume.node || !first) continue;
      yield {
        severity: 'error',
        message: `the volume ${volume.key} is external and sets ${extra.join(', ')}: Compose refuses to start`,
        span: volume.node.entries.get(first)!.key.span,
        related: [],
        fixes: () => fixesOf(volume, extra, project.name),
      };
    }
  },
};

const optionsOf = ({ node }: TopLevelVolume): string[] =>
  node
    ? [...node.entries]
        .filter(
          ([key, entry]) =>
            !entry.inherited && !entry.value.damaged && key !== 'external' && key !== 'name' && !key.startsWith('x-'),
        )
        .map(([key]) => key)
    : [];

function fixesOf(volume: TopLevelVolume, extra: readonly string[], project: string): Fix[] {
  const { node } = volume;
  if (!node) return [];
  const create = [
    'docker volume create',
    volume.driver ? `--driver ${volume.driver}` : '',
    ...[...volume.driverOpts].map(([key, value]) => `--opt ${key}=${value}`),
    volume.name,
  ]
    .filter(Boolean)
    .join(' ');
  const dropped = removeMapEntries(node, extra);
  const external = node.entries.get('external');
  const opened = external?.value.kind === 'scalar' ? removeMapEntries(node, ['external']) : null;
  const kept: Fix[] = dropped
    ? [{ title: `Keep ${volume.key} external and drop ${extra.join(', ')}`, safety: 'safe', edits: dropped }]
    : [];
  if (!opened) return kept;
  const found = volume.name === `${project}_${volume.key}` || node.entries.has('name');
  const steps = [
    `See whether the volume exists and holds data: docker volume inspect ${volume.name}`,
    found
      ? 'With the same name Compose adopts it; it warns that the volume was not created by Compose'
      : `Compose will use ${project}_${volume.key}: docker run --rm -v ${volume.name}:/from -v ${project}_${volume.key}:/to alpine cp -a /from/. /to/`,
    `To keep it external with these options instead: ${create}`,
  ];
  return [
    ...kept,
    { title: `Let Compose create ${volume.key} with these options`, safety: 'migration', edits: opened, steps },
  ];
}

export default rule;
