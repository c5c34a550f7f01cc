/** What a service's container starts from: a catalogued image, or what a Dockerfile makes of one. */
import { declaredVolumes, matchText } from '../catalogue/match.ts';
import type { Catalogue } from '../catalogue/model.ts';
import { type Files, UnreadableFile } from '../files.ts';
import type { Build, Service, Text } from '../project/model.ts';
import { cleanTarget } from '../project/mounts.ts';
import type { Evidence } from '../survival/words.ts';
import { type Dockerfile, parseDockerfile, type StageResult, type Value } from '../syntax/dockerfile.ts';
import type { Source, Span } from '../syntax/source.ts';
import type { DeclaredVolume, FamilyMatch, ServiceImage } from './model.ts';

const dockerfiles = new WeakMap<Source, Dockerfile>();

export function dockerfileOf(source: Source): Dockerfile {
  let parsed = dockerfiles.get(source);
  if (!parsed) {
    parsed = parseDockerfile(source);
    dockerfiles.set(source, parsed);
  }
  return parsed;
}

const NOTHING_KNOWN: ServiceImage = { environment: new Map(), workdir: '/', volumes: [], volumesKnown: false };

export function describeImage(service: Service, catalogue: Catalogue, files: Files): ServiceImage {
  if (service.build)
    return (
      builtImage(service.build, catalogue, files) ??
      (service.image ? namedBuild(service.image, catalogue) : NOTHING_KNOWN)
    );
  return service.image ? pulledImage(service.image, catalogue) : NOTHING_KNOWN;
}

/** A tag made of unset variables leaves the family known and the version open; anything else unset leaves nothing. */
function pulledImage(image: Text, catalogue: Catalogue): ServiceImage {
  if (image.unresolved.length === 0) return ofReference(catalogue, image.value, image.span, false);
  const bare = image.value.replace(/[:@]+$/, '');
  const written = image.scalar.text;
  const onlyTag = written.startsWith(`${bare}:`) && bare.length > 0 && !bare.includes('$');
  return onlyTag ? ofReference(catalogue, bare, image.span, true) : NOTHING_KNOWN;
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

/** Where the Dockerfile cannot be read, the name that the build gives its image says what it may be, and no more. */
function namedBuild(image: Text, catalogue: Catalogue): ServiceImage {
  const described = pulledImage(image, catalogue);
  return described.match
    ? { ...described, match: { ...described.match, lookalike: true }, volumesKnown: false }
    : NOTHING_KNOWN;
}

/** Null where the Dockerfile cannot be read. */
function builtImage(build: Build, catalogue: Catalogue, files: Files): ServiceImage | null {
  const source = build.unresolved.length === 0 ? dockerfileSource(build, files) : null;
  const stage = source && dockerfileOf(source).stage(build.target, build.args);
  if (!stage) return null;
  const base = baseImage(stage, catalogue);
  const volumes = stage.volumes.filter((volume) => volume.unresolved.length === 0).map(dockerfileVolume);
  return {
    ...base,
    stage,
    environment: new Map(
      [...stage.environment].map(([name, value]) => [
        name,
        { value: value.value, evidence: environmentEvidence(name, value) },
      ]),
    ),
    workdir: stage.workdir && stage.workdir.unresolved.length === 0 ? stage.workdir.value : base.workdir,
    volumes: [...base.volumes, ...volumes],
    volumesKnown: base.volumesKnown && volumes.length === stage.volumes.length,
    ...(stage.entrypoint ? { entrypoint: stage.entrypoint.words } : {}),
    ...(stage.command ? { command: stage.command.words } : {}),
  };
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

function baseImage(stage: StageResult, catalogue: Catalogue): ServiceImage {
  if (stage.base === null) return { ...NOTHING_KNOWN, volumesKnown: true };
  if (stage.base.unresolved.length > 0) return NOTHING_KNOWN;
  return ofReference(catalogue, stage.base.value, stage.base.span, false);
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
