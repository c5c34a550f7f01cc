/** What a service's container starts from: a catalogued image, or what a Dockerfile makes of one. */
import * as path from 'node:path';
import { declaredVolumes, matchText } from '../catalogue/match.ts';
import type { Catalogue } from '../catalogue/model.ts';
import { type Files, UnreadableFile } from '../files.ts';
import type { Build, Project, Service, Text } from '../project/model.ts';
import { cleanTarget } from '../project/mounts.ts';
import type { Evidence } from '../survival/words.ts';
import { dockerfileOf, type StageResult, type Value } from '../syntax/dockerfile.ts';
import type { Source, Span } from '../syntax/source.ts';
import { type Beside, imagesBeside } from './beside.ts';
import { nameOf } from './builders.ts';
import type { DeclaredVolume, FamilyMatch, ServiceImage } from './model.ts';

const NOTHING_KNOWN: ServiceImage = { environment: new Map(), workdir: '/', volumes: [], volumesKnown: false };

/** What each service of a project starts from; one may be built on what another builds. */
export type Images = (service: Service) => ServiceImage;

export interface ImageParts {
  readonly catalogue: Catalogue;
  readonly files: Files;
  readonly beside: Beside;
}

export function imagesOf(project: Pick<Project, 'services' | 'inactive'>, parts: ImageParts): Images {
  const services = [...project.services, ...project.inactive];
  const built = new Map<string, Service>();
  for (const service of services)
    if (service.build && service.image?.unresolved.length === 0) built.set(nameOf(service.image.value), service);
  const known = new Map<Service, ServiceImage>();
  const of: Images = (service) => {
    let image = known.get(service);
    if (!image) {
      // Where images are built on one another in a circle, nothing is known of any.
      known.set(service, NOTHING_KNOWN);
      const reading = { ...parts, built: (name: string) => built.get(nameOf(name)), services, of };
      image = withImageVolumes(service, describeImage(service, reading));
      known.set(service, image);
    }
    return image;
  };
  return of;
}

/** Podman can be told to leave out the volumes that an image declares. */
const withImageVolumes = ({ imageVolumes }: Service, image: ServiceImage): ServiceImage =>
  imageVolumes === 'ignore' ? { ...image, volumes: [], volumesKnown: true } : image;

interface Reading extends ImageParts {
  readonly services: readonly Service[];
  /** The service that builds an image of this name. */
  readonly built: (name: string) => Service | undefined;
  readonly of: Images;
}

function describeImage(service: Service, reading: Reading): ServiceImage {
  const { image, build } = service;
  if (build) {
    const built = builtImage(service, build, reading);
    const named = () => (image ? pulledImage(image, reading.catalogue) : besideImage(service, reading));
    return built ? withName(built, named) : namedBuild(named());
  }
  if (!image) return NOTHING_KNOWN;
  const builder = image.unresolved.length === 0 ? reading.built(image.value) : undefined;
  return builder ? reading.of(builder) : pulledImage(image, reading.catalogue);
}

/** A tag made of unset variables leaves the family known and the version open; anything else unset leaves nothing. */
export function pulledImage(image: Text, catalogue: Catalogue): ServiceImage {
  if (image.unresolved.length === 0) return ofReference(catalogue, image.value, image.span, false);
  const bare = image.value.replace(/[:@]+$/, '');
  const written = image.scalar.text;
  const onlyTag = written.startsWith(`${bare}:`) && bare.length > 0 && !bare.includes('$');
  return onlyTag ? ofReference(catalogue, bare, image.span, true) : NOTHING_KNOWN;
}

/** Of a text with variables in it the family is known where they stand in the tag. */
function writtenImage(catalogue: Catalogue, text: string, span: Span): ServiceImage {
  if (!text.includes('$')) return ofReference(catalogue, text, span, false);
  const named = /^([^$@]+):[^/]*\$\{/.exec(text)?.[1];
  return named ? ofReference(catalogue, named, span, true) : NOTHING_KNOWN;
}

function ofReference(catalogue: Catalogue, text: string, span: Span, open: boolean): ServiceImage {
  const found = matchText(catalogue, text, span);
  if (!found) return NOTHING_KNOWN;
  const match = open ? { ...found, openTag: true } : found;
  return {
    match,
    environment: new Map(),
    workdir: match.family.workdir ?? '/',
    volumes: familyVolumes(match),
    volumesKnown: match.family.volumesKnown && !match.lookalike,
  };
}

function familyVolumes(match: FamilyMatch): DeclaredVolume[] {
  return declaredVolumes(match, new Map()).map((fact) => ({
    path: cleanTarget(fact.path),
    evidence: imageEvidence(match, `the image declares VOLUME ${fact.path}`, fact.confidence),
  }));
}

/** An image fact as evidence, with the source it was read in. */
export function imageEvidence(match: FamilyMatch, note: string, confidence = match.family.confidence): Evidence {
  const source = match.family.sources[0];
  return {
    from: 'image',
    note,
    span: match.span,
    confidence: match.lookalike ? 'memory' : confidence,
    ...(source ? { citation: `${source.repo} ${source.path}` } : {}),
  };
}

/** Built on nothing that keeps data: a name that is published by somebody tells more than its last part would. */
function withName(built: ServiceImage, described: () => ServiceImage): ServiceImage {
  const keeps = (built.match?.family.data.length ?? 0) > 0;
  const named = keeps ? undefined : described().match;
  return named && !named.lookalike ? { ...built, named: { ...named, lookalike: true } } : built;
}

/** A build that is given no name may be what a Compose file beside it pulls for the same service. */
function besideImage(service: Service, { beside, catalogue }: Reading): ServiceImage {
  const pulled = imagesBeside(service, beside).map(({ text, span }) => writtenImage(catalogue, text, span));
  const [first] = pulled;
  const isOne = pulled.every(({ match }) => match && match.family === first?.match?.family);
  return first && isOne ? first : NOTHING_KNOWN;
}

/** Where the Dockerfile does not tell, the name that the build gives its image says what it may be, and no more. */
function namedBuild(described: ServiceImage): ServiceImage {
  return described.match
    ? { ...described, match: { ...described.match, lookalike: true }, volumesKnown: false }
    : NOTHING_KNOWN;
}

/** Null where the Dockerfile cannot be read. */
function builtImage(service: Service, build: Build, reading: Reading): ServiceImage | null {
  const source = build.unresolved.length === 0 ? dockerfileSource(build, reading.files) : null;
  const stage =
    source && dockerfileOf(source).stage(build.target, build.args, new Set(build.additionalContexts.keys()));
  if (!stage) return null;
  return builtOn(baseImage(stage, service, build, reading), stage);
}

/** Most services that are built from one Dockerfile come to the same image, at each edit. */
const byStage = new WeakMap<StageResult, { readonly base: ServiceImage; readonly image: ServiceImage }>();

function builtOn(base: ServiceImage, stage: StageResult): ServiceImage {
  const before = byStage.get(stage);
  if (before?.base === base) return before.image;
  const image = stageImage(base, stage);
  byStage.set(stage, { base, image });
  return image;
}

function stageImage(base: ServiceImage, stage: StageResult): ServiceImage {
  const volumes = stage.volumes.filter((volume) => volume.unresolved.length === 0).map(dockerfileVolume);
  const entrypoint = stage.entrypoint?.words ?? base.entrypoint;
  // A command that came with the base is for the base's entrypoint.
  const command = stage.command?.words ?? (stage.entrypoint ? undefined : base.command);
  return {
    ...(base.match ? { match: base.match } : {}),
    stage,
    environment: new Map([
      ...base.environment,
      ...[...stage.environment].map(
        ([name, value]) => [name, { value: value.value, evidence: environmentEvidence(name, value) }] as const,
      ),
    ]),
    workdir: workdirOf(stage, base),
    volumes: [...base.volumes, ...volumes],
    volumesKnown: base.volumesKnown && volumes.length === stage.volumes.length,
    ...(entrypoint ? { entrypoint } : {}),
    ...(command ? { command } : {}),
  };
}

/** `WORKDIR data` lies below the base's own directory, where that is known. */
function workdirOf({ workdir }: StageResult, base: ServiceImage): string {
  if (!workdir) return base.workdir;
  if (workdir.unresolved.length === 0) return workdir.value;
  const below = workdir.unresolved.every((name) => name === 'WORKDIR');
  const known = base.match?.family.workdir !== undefined || base.stage?.workdir?.unresolved.length === 0;
  return below && known ? path.posix.join(base.workdir, workdir.value) : base.workdir;
}

/** The Dockerfile of a build; null where it is remote, missing or no text. */
export function dockerfileSource(build: Build, files: Files): Source | null {
  if (build.inline) return inlineSource(build.inline);
  if (build.dockerfile === undefined) return null;
  try {
    return files.read(build.dockerfile);
  } catch (error) {
    if (error instanceof UnreadableFile) return null;
    throw error;
  }
}

const inlineSources = new WeakMap<Text, Source>();

/** `dockerfile_inline` as a source of its own; its places are those of the whole text. */
function inlineSource(text: Text): Source {
  let source = inlineSources.get(text);
  if (!source) {
    source = { path: `${text.span.source.path}#dockerfile_inline`, text: text.value, origin: text.span };
    inlineSources.set(text, source);
  }
  return source;
}

/** The image at the foot of the chain: what an additional context puts in its place, what a service builds, or what is pulled. */
function baseImage({ base }: StageResult, service: Service, build: Build, reading: Reading): ServiceImage {
  if (base === null) return { ...NOTHING_KNOWN, volumesKnown: true };
  const { value, span } = base;
  if (base.unresolved.length > 0) return writtenImage(reading.catalogue, value, span);
  for (const [name, context] of build.additionalContexts)
    if (nameOf(name) === nameOf(value)) return contextImage(context, span, reading);
  const builder = reading.built(value);
  return builder && builder !== service ? reading.of(builder) : pulledBase(base, reading.catalogue);
}

const bases = new WeakMap<Value, { readonly catalogue: Catalogue; readonly image: ServiceImage }>();

/** The very same for a Dockerfile that stayed as it was. */
function pulledBase(base: Value, catalogue: Catalogue): ServiceImage {
  const before = bases.get(base);
  if (before?.catalogue === catalogue) return before.image;
  const image = ofReference(catalogue, base.value, base.span, false);
  bases.set(base, { catalogue, image });
  return image;
}

const IMAGE = 'docker-image://';
const SERVICE = 'service:';

function contextImage(context: string, span: Span, { catalogue, services, of }: Reading): ServiceImage {
  if (context.startsWith(IMAGE)) return ofReference(catalogue, context.slice(IMAGE.length), span, false);
  if (context.startsWith(SERVICE)) {
    const other = services.find(({ name }) => name === context.slice(SERVICE.length));
    return other ? of(other) : NOTHING_KNOWN;
  }
  // A folder brings files and no settings; of what lies elsewhere nothing is known.
  return context.includes('://') || !context.startsWith('/') ? NOTHING_KNOWN : { ...NOTHING_KNOWN, volumesKnown: true };
}

const dockerfileVolume = (volume: Value): DeclaredVolume => ({
  path: cleanTarget(volume.value),
  evidence: { from: 'dockerfile', note: `VOLUME ${volume.value}`, span: volume.span, confidence: 'primary' },
});

const environmentEvidence = (name: string, value: Value): Evidence => ({
  from: 'dockerfile',
  note: `ENV ${name}=${value.value}`,
  span: value.span,
  confidence: value.unresolved.length > 0 ? 'memory' : 'primary',
});
