import * as path from 'node:path';
import { replaceSpan } from '../../fixes/edits.ts';
import type { Mount, Project, Service } from '../../project/model.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { isWithin } from '../../survival/backing.ts';
import { textOf } from '../../syntax/source.ts';
import { PROGRAM_FOLDERS } from '../programs-of-images.ts';
import type { Fix, Rule, RuleContext } from '../rule.ts';
import { runsOf } from '../runs.ts';
import { nameOf } from '../steps.ts';

/** What is run, not what is served or read. */
const PROGRAM = /\.(py|js|mjs|cjs|ts|tsx|jsx|rb|php|jar|class|dll|go)$/i;
const NOT_OURS = /(^|\/)(node_modules|vendor|\.venv|venv|site-packages|dist-packages|bower_components)(\/|$)/;

/** Files of the program that the build puts below `directory`, seen from there. */
const programIn = ({ placed }: AnalysedService, directory: string): string[] =>
  [...placed.image.keys()]
    .filter((file) => isWithin(file, directory) && PROGRAM.test(file))
    .map((file) => path.posix.relative(directory, file))
    .filter((file) => !NOT_OURS.test(file));

/** A part of the program below the mount: of what the build puts in, or of what the image is known to have. */
function programBelow(mount: Mount, analysed: AnalysedService): string | undefined {
  const { service, image } = analysed;
  const workdir = service.workingDir?.value ?? image.workdir;
  // The program itself, and not a part of it: the folder that the container starts in, or one around it.
  const built = workdir !== '/' && isWithin(workdir, mount.target) ? programIn(analysed, mount.target)[0] : undefined;
  const known = image.match && !image.match.lookalike ? PROGRAM_FOLDERS[image.match.family.id] : undefined;
  if (built !== undefined || !known || !isWithin(known.folder, mount.target)) return built;
  return path.posix.join(path.posix.relative(mount.target, known.folder), known.part);
}

const renewal = ({ runtime }: Project, { build }: Service): string =>
  runtime === 'quadlet' ? 'a new image' : build ? 'up --build or a pull' : 'a pull';

/** More are not named. */
const MAX_NAMED = 3;

/** Who wants the new program has to know what else would go with the volume. */
function warning({ stores }: AnalysedService, mount: Mount): string {
  const kept = stores.flatMap(({ store, backing }) => {
    const { path: at, kind, need, confidence, evidence } = store;
    if (at === null || backing.span !== mount.span || evidence[0].from === 'mount' || confidence === 'memory')
      return [];
    const counts = need !== 'optional' && kind !== 'cache' && kind !== 'configuration';
    return counts ? path.posix.relative(mount.target, at) : [];
  });
  const names = [...new Set(kept)].filter((name) => name !== '').slice(0, MAX_NAMED);
  if (names.length === 0) return '';
  return `. Do not remove the volume for that: ${names.join(', ')} ${names.length > 1 ? 'are' : 'is'} in it`;
}

const rule: Rule = {
  name: 'named-volume-over-code',
  severity: 'warning',
  summary: 'A named volume lies over the program that the image brings.',
  rationale:
    'The engine copies what the image holds into a named volume once, when the volume is empty. From then on the volume counts: after `up --build` or a pull the container still runs the old program, and nobody is told. Mount the folder that holds the data, and leave the program to the image.',
  bad: 'services:\n  app:\n    build: .   # Dockerfile: WORKDIR /app, COPY . .\n    volumes:\n      - app:/app\n\nvolumes:\n  app:\n',
  good: 'services:\n  app:\n    build: .\n    volumes:\n      - app:/app/data\n\nvolumes:\n  app:\n',
  fixSafety: 'migration',
  fixNote:
    'Offered where it is known in which folder below the application keeps its data, which has to move up in the volume.',
  since: '0.2.0',
  references: ['https://docs.docker.com/engine/storage/volumes/#populate-a-volume-using-a-container'],
  *check(context) {
    const { project, services } = context.analysed;
    for (const analysed of services) {
      const { service } = analysed;
      if (service.broken) continue;
      for (const mount of service.mounts) {
        if (mount.type !== 'volume' || mount.source === undefined || mount.nocopy || mount.from !== 'volumes') continue;
        if (mount.unresolved.length > 0 || mount.subpath !== undefined) continue;
        const part = programBelow(mount, analysed);
        if (part === undefined) continue;
        yield {
          severity: 'warning',
          message: `the volume ${mount.source} lies over ${mount.target}, where the image has its program (${part}): it keeps the first version, and ${renewal(project, service)} changes nothing${warning(analysed, mount)}`,
          span: mount.targetSpan,
          service: service.name,
          related: [],
          fixes: () => onData(context, analysed, mount),
        };
      }
    }
  },
};

/** On the one folder below that is known to hold data, and no program. */
function onData({ analysed: { project } }: RuleContext, analysed: AnalysedService, mount: Mount): Fix[] {
  const { service, stores } = analysed;
  const folders = new Set(
    stores.flatMap(({ store, backing }) =>
      store.path !== null && backing.span === mount.span && store.evidence[0].from !== 'mount'
        ? [store.isFile ? path.posix.dirname(store.path) : store.path]
        : [],
    ),
  );
  const [folder] = folders;
  if (folders.size !== 1 || !folder || !isWithin(folder, mount.target) || folder === mount.target) return [];
  const workdir = service.workingDir?.value ?? analysed.image.workdir;
  if (isWithin(workdir, folder) || programIn(analysed, folder).length > 0) return [];
  if (textOf(mount.targetSpan) !== mount.target) return [];
  const inside = path.posix.relative(mount.target, folder);
  return [
    {
      title: `Mount ${mount.source} at ${folder}`,
      safety: 'migration',
      edits: [replaceSpan(mount.targetSpan, folder)],
      steps: steps(project, service, mount, folder, inside),
    },
  ];
}

function steps(project: Project, service: Service, mount: Mount, folder: string, inside: string): string[] {
  const runs = runsOf(project);
  const stop = `The data lies in ${inside} of the volume. Stop the service: ${runs.stop(project, service)}`;
  if (project.runtime === 'quadlet') {
    const volume = nameOf(project, mount.source ?? '');
    return [
      stop,
      `Copy it to the top of the volume: ${runs.command(project, `run --rm -v ${volume}:/volume alpine cp -a /volume/${inside}/. /volume/`)}. What else the volume holds stays in it and does no harm`,
      `Apply this change, then: ${runs.up(project, service)}`,
    ];
  }
  const container = `$(docker compose ps -aq ${service.name})`;
  return [
    stop,
    `Copy the data out: docker cp -a ${container}:${folder}/. ./${service.name}-data-copy`,
    `Apply this change, then: docker compose up --no-start ${service.name}`,
    `Copy the data in: docker cp -a ./${service.name}-data-copy/. ${container}:${folder}. What else the volume holds stays in it and does no harm`,
    `Start it: docker compose start ${service.name}. Keep the copy until you have seen your data`,
  ];
}

export default rule;
