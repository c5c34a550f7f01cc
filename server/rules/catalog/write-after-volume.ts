import { moveInstruction } from '../../fixes/dockerfile-lines.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { isWithin } from '../../survival/backing.ts';
import type { StageResult, Step, Value } from '../../syntax/dockerfile.ts';
import { programWords } from '../../syntax/programs.ts';
import type { Span } from '../../syntax/source.ts';
import { homesIn } from '../image/homes.ts';
import { oncePerPlace } from '../image/once.ts';
import { type Write, writesOf } from '../image/writes.ts';
import type { Finding, Fix, Rule, Severity } from '../rule.ts';

interface Late {
  /** The instruction that declares the volume. */
  readonly declared: Span;
  readonly volume: Value;
  /** What is written, for the message. */
  readonly path: string;
  readonly span: Span;
  /** The instruction that writes. */
  readonly step: Span;
  readonly severity: Severity;
}

interface Declared {
  readonly volume: Value;
  readonly span: Span;
}

function* lateWrites(stage: StageResult): Iterable<Late> {
  const declared: Declared[] = [];
  if (needsBuildKit(stage)) return;
  const homes = homesIn(stage);
  for (const step of stage.steps) {
    if (step.kind === 'volume')
      declared.push(
        ...step.paths
          .filter(({ unresolved }) => unresolved.length === 0)
          .map((volume) => ({ volume, span: step.span })),
      );
    else if (declared.length > 0) yield* inStep(step, declared, stage, homes);
  }
}

function* inStep(
  step: Step,
  declared: readonly Declared[],
  stage: StageResult,
  homes: ReadonlyMap<string, string>,
): Iterable<Late> {
  const volumeAt = (at: string) => declared.find(({ volume }) => isWithin(at, clean(volume.value)));
  if (step.kind === 'run') {
    for (const write of writesOf(step.run, stage)) {
      const found = volumeAt(write.path);
      if (!found || write.act === 'remove' || isItsOwn(write, homes)) continue;
      const { command, text, path } = write;
      const span = text.at(command.start, command.end);
      yield { declared: found.span, volume: found.volume, path, span, step: step.run.span, severity: 'warning' };
    }
  } else if (step.kind === 'copy' && step.copy.destination.unresolved.length === 0) {
    const { destination, span } = step.copy;
    const found = volumeAt(clean(destination.value));
    // The builders differ in what they keep of a copy: that it may be lost is all that is documented.
    if (found)
      yield {
        declared: found.span,
        volume: found.volume,
        path: clean(destination.value),
        span: destination.span,
        step: span,
        severity: 'info',
      };
  }
}

/** What the classic builder refuses is built by BuildKit alone, which keeps what is written. */
const needsBuildKit = ({ source }: StageResult): boolean =>
  /^[ \t]*(?:run[ \t]+(?:[^\n]*<<-?["']?[A-Za-z]|--(?:mount|network|security)=)|(?:copy|add)[ \t]+(?:[^\n]*<<-?["']?[A-Za-z]|(?:--\S+[ \t]+)*--(?:link|parents|exclude)\b))/im.test(
    source.text,
  );

/** `chown shop /srv/shop` where that is the home that shop was made with: nothing changes. */
const isItsOwn = ({ act, path, command }: Write, homes: ReadonlyMap<string, string>): boolean => {
  const owner = programWords(command.words)
    .slice(1)
    .find(({ text }) => !text.startsWith('-'));
  return act === 'own' && owner !== undefined && homes.get(path) === owner.text.replace(/:.*$/, '');
};

const clean = (at: string): string => (at.length > 1 ? at.replace(/\/+$/, '') : at);

function fixesFor({ declared, volume }: Late, stage: StageResult): Fix[] {
  const last = [...lateWrites(stage)].filter((late) => late.declared === declared).at(-1)!;
  // In another stage of the file the instruction would declare nothing for this one's base.
  if (last.step.source !== declared.source || !sameStage(stage, declared, last.step)) return [];
  const edits = moveInstruction(declared, last.step);
  return edits
    ? [
        {
          title: `Declare the volume ${clean(volume.value)} behind the last step that writes to it`,
          safety: 'safe',
          edits,
        },
      ]
    : [];
}

/** No FROM stands between the two. */
const sameStage = (stage: StageResult, first: Span, second: Span): boolean =>
  !/^[ \t]*from[ \t]/im.test(stage.source.text.slice(first.end, second.start));

/** One for each VOLUME: the first step that is certain to be lost, and how many more there are. */
function findingsOf({ service, image: { stage } }: AnalysedService): Omit<Finding, 'rule'>[] {
  const late = stage ? [...lateWrites(stage)] : [];
  return [...new Set(late.map(({ declared }) => declared))].map((declared) => {
    const all = late.filter((one) => one.declared === declared);
    const first = all.find(({ severity }) => severity === 'warning') ?? all[0]!;
    const volume = clean(first.volume.value);
    const more = all.length > 1 ? ` (and ${all.length - 1} more)` : '';
    const what = first.path === volume ? volume : `${first.path}, below the volume ${volume},`;
    const fate = first.severity === 'warning' ? 'discards' : 'may discard';
    return {
      severity: first.severity,
      message: `${what} is written to behind its VOLUME${more}: the classic builder ${fate} that and BuildKit keeps it, so a new volume starts with the one content or the other`,
      span: first.span,
      service: service.name,
      related: [{ from: 'dockerfile', note: `VOLUME ${volume}`, span: first.volume.span, confidence: 'primary' }],
      fixes: () => fixesFor(first, stage!),
    };
  });
}

const rule: Rule = {
  name: 'write-after-volume',
  severity: 'warning',
  summary: 'A build step writes to a directory after it was declared as VOLUME.',
  rationale:
    'The classic builder runs each step behind a VOLUME with an anonymous volume at that path and throws it away with the step: directories, owners and files that the step made there are not in the image. BuildKit keeps them. One Dockerfile then makes two images, and in one of them the server finds its directory empty, or owned by root.',
  bad: 'services:\n  db:\n    build: .   # Dockerfile: VOLUME /data, then RUN chown app /data\n    volumes:\n      - db_data:/data\n\nvolumes:\n  db_data:\n',
  good: 'services:\n  db:\n    build: .   # Dockerfile: RUN chown app /data, then VOLUME /data\n    volumes:\n      - db_data:/data\n\nvolumes:\n  db_data:\n',
  fixSafety: 'safe',
  fixNote: 'With BuildKit the image stays as it is; with the classic builder it then holds what the steps say.',
  since: '0.2.0',
  about: 'image',
  references: ['https://docs.docker.com/reference/dockerfile/#notes-about-specifying-volumes'],
  *check({ analysed: { services } }) {
    yield* oncePerPlace(services.flatMap(findingsOf));
  },
};

export default rule;
