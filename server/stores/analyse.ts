/** Services with their images and stores, and what becomes of each store. */
import * as path from 'node:path';
import type { Catalogue } from '../catalogue/model.ts';
import type { Files } from '../files.ts';
import type { EnvironmentEntry, Project, Service } from '../project/model.ts';
import { backingOf, isWithin } from '../survival/backing.ts';
import { fatesOf } from '../survival/fate.ts';
import type { Backing, Confidence, Evidence, Store } from '../survival/words.ts';
import { type Beside, besideIn } from './beside.ts';
import { assumedStore, type View, viewsOf } from './builders.ts';
import { type Contents, contentsOf, isBaked } from './contents.ts';
import { storesFromEnvironment } from './from-environment.ts';
import { type EffectiveEnvironment, storesFromImage } from './from-image.ts';
import { storesFromMounts } from './from-mounts.ts';
import { storesFromSource } from './from-source.ts';
import { withHome } from './home.ts';
import { type ImageParts, type Images, imagesOf, pulledImage } from './image.ts';
import type { AnalysedProject, AnalysedService, AnalysedStore, ServiceImage } from './model.ts';
import type { Placed } from './placement.ts';
import { startedIn } from './processes.ts';
import { Recall, type Round } from './recall.ts';
import { type ContainerFiles, containerFiles } from './relocation/container-files.ts';
import { settled, storesFromSettings } from './settings/index.ts';
import { effectiveWords } from './words.ts';
import { workdirOf } from './workdir.ts';

export interface Analysis {
  readonly catalogue: Catalogue;
  readonly files: Files;
  /** Kept from one analysis to the next, so that only what changed is read again. */
  readonly recall?: Recall;
  /** The round of it that is under way. */
  readonly round?: Round;
}

export async function analyseProject(project: Project, analysis: Analysis): Promise<AnalysedProject> {
  const { catalogue, files } = analysis;
  const services: AnalysedService[] = [];
  const round = analysis.round ?? (analysis.recall ?? new Recall()).begin();
  // Services that no active profile asks for today are started tomorrow: their data counts as well.
  const all = [...project.services, ...project.inactive];
  // The very same project comes again when nothing changed but what it builds.
  const own = project.files.map(({ path: file }) => file);
  const views = round.get(project, [catalogue], files, (traced) => {
    // What stands beside the files stays as it is while they are edited.
    const beside: Beside = (folder) =>
      round.get(JSON.stringify(['beside', folder, own]), [], traced, (within) => besideIn(folder, own, within));
    return readImages(project, { catalogue, files: traced, beside });
  });
  for (const service of all) {
    const { image, ...view } = views.get(service)!;
    const contents = contentsOf(view.service, image, files, round);
    const given = [project, image, contents.placed, contents.code, contents.dialect];
    services.push(
      await round.later(service, given, files, async (traced) => {
        const analysed = await analyseService(view, project, image, contents, traced);
        return { ...analysed, service };
      }),
    );
  }
  return { project, services };
}

type Read = View & { readonly image: ServiceImage };

function readImages(project: Project, parts: ImageParts): Map<Service, Read> {
  const keeps = ({ image }: Service): boolean =>
    image !== undefined && (pulledImage(image, parts.catalogue).match?.family.data.length ?? 0) > 0;
  const views = viewsOf(project, keeps, parts.beside, parts.files);
  const seen = (services: readonly Service[]): Service[] => services.map((service) => views.get(service)!.service);
  const whole = { ...project, services: seen(project.services), inactive: seen(project.inactive) };
  const of = imagesOf(whole, parts);
  return new Map([...views].map(([service, view]) => [service, { ...view, image: withLent(view.service, whole, of) }]));
}

async function analyseService(
  { service, assumed }: View,
  project: Project,
  image: ServiceImage,
  { placed, code, dialect }: Contents,
  files: Files,
): Promise<AnalysedService> {
  const environment = withHome(effectiveEnvironment(service, image), service, image);
  const words = effectiveWords(service, image);
  const workdir = workdirOf(service, image);
  const gaps = service.environmentGaps.map((gap) => gap.message);
  const place = {
    placement: placed.running,
    building: placed.building,
    scripts: placed.scripts,
    argv: words,
    mayBeStarted: startedIn({ argv: words, placed, code, files }),
    workdir,
    environment,
    environmentGaps: gaps,
    environmentExamples: new Map(
      [...(service.environmentExamples ?? [])].map(([name, entry]) => [name, new Variable(entry, 'memory')]),
    ),
    root: applicationRoot(service),
  };
  const inside = containerFiles({ service, project, copied: placed.image, files });
  const fromImage = storesFromImage(service, image, environment, inside);
  const found = [
    ...fromImage.stores,
    ...storesFromEnvironment(environment, workdir, dialect, service.mounts),
    ...(await storesFromSource(code, place)),
    ...storesFromSettings(service, placed, code, place, files),
  ];
  const known = withNamed(sameOnes(settled(found)), service, image, environment, inside);
  const sure = assumed ? known.map((store) => assumedStore(store, assumed)) : known;
  const survives = survivalIn(service, project, image, placed);
  const stores = [...sure, ...storesFromMounts(service, sure, image)].map(survives).filter(isUsed);
  return { service, image, environment, argv: [...words, ...fromImage.started], stores, placed, code };
}

/** What the name of a built image tells, but for what its own code tells better. */
function withNamed(
  known: readonly Store[],
  service: Service,
  { named, ...image }: ServiceImage,
  environment: EffectiveEnvironment,
  inside: ContainerFiles,
): readonly Store[] {
  if (!named) return known;
  const paths = known.flatMap(({ path: at }) => (at === null ? [] : [at]));
  const { stores } = storesFromImage(service, { ...image, match: named }, environment, inside);
  return [
    ...known,
    ...stores.filter(
      ({ path: at }) => at !== null && !paths.some((other) => isWithin(at, other) || isWithin(other, at)),
    ),
  ];
}

/** `volumes_from` also brings the volumes that the lender's image declares. */
function withLent(service: Service, project: Project, images: Images): ServiceImage {
  const image = images(service);
  const { lenders } = service;
  if (!lenders) return image;
  const all = [...project.services, ...project.inactive].filter((other) => lenders.includes(other.name));
  const lent = all.map(images);
  return {
    ...image,
    volumes: [...image.volumes, ...lent.flatMap(({ volumes }) => volumes)],
    volumesKnown: image.volumesKnown && lent.every(({ volumesKnown }) => volumesKnown),
  };
}

/** An optional folder of settings or caches that nothing is mounted on is not where anybody keeps data. */
const isUsed = ({ store, backing }: AnalysedStore): boolean =>
  store.need === 'required' || store.kind === 'essential' || backing.type !== 'writable-layer';

/** The folder that is built, or else the one the Compose file stands in. */
const applicationRoot = ({ build, declarations }: Service): string =>
  build && !build.remote ? build.context : path.posix.dirname(declarations[0].source.path);

/** A variable of the service. Most are never asked for their evidence. */
class Variable {
  readonly value: string | null;
  private readonly entry: EnvironmentEntry;
  private readonly certainty: Confidence;

  /** @param certainty of an entry that has a value and no holes */
  constructor(entry: EnvironmentEntry, certainty: Confidence = 'primary') {
    this.value = entry.value;
    this.entry = entry;
    this.certainty = certainty;
  }

  get evidence(): Evidence {
    const { name, value, span, unresolved } = this.entry;
    const confidence = unresolved.length > 0 || value === null ? 'memory' : this.certainty;
    return { from: 'environment', note: `${name}=${value ?? ''}`, span, confidence };
  }
}

/** The image's environment, and the service's own over it. */
function effectiveEnvironment(service: Service, image: ServiceImage): EffectiveEnvironment {
  const environment = new Map<string, { readonly value: string | null; readonly evidence: Evidence }>(
    image.environment,
  );
  for (const [name, entry] of service.environment) environment.set(name, new Variable(entry));
  return environment;
}

/** Two findings of one body of data become one store with the evidence of both. */
function sameOnes(stores: readonly Store[]): Store[] {
  const kept: Store[] = [];
  const byPath = new Map<string, number[]>();
  for (const store of stores) {
    const at = store.path === null ? [] : (byPath.get(store.path) ?? []);
    const same = at.find((index) => sameKind(kept[index]!, store));
    if (same !== undefined) {
      kept[same] = { ...kept[same]!, evidence: [...kept[same]!.evidence, ...store.evidence] };
      continue;
    }
    at.push(kept.length);
    if (store.path !== null) byPath.set(store.path, at);
    kept.push(store);
  }
  const servers = kept.filter(({ role }) => role === 'server');
  return servers.length === 0 ? kept : kept.filter((store) => !servers.some((server) => holdsIt(server, store)));
}

const sameKind = (a: Store, b: Store): boolean => a.technology === b.technology || a.role !== b.role;

/** An embedded file inside a directory that the image itself declares as data is part of that store. */
const holdsIt = (outer: Store, inner: Store): boolean =>
  inner.role === 'embedded' && outer.path !== null && inner.path !== null && isWithin(inner.path, outer.path);

/** What becomes of a store of the service. */
function survivalIn(
  service: Service,
  project: Project,
  image: ServiceImage,
  placed: Placed,
): (store: Store) => AnalysedStore {
  const holders = {
    mounts: service.mounts,
    volumes: project.volumes,
    declared: image.volumes.map((volume) => volume.path),
    inMemory: service.imageVolumes === 'tmpfs',
    declaredKnown: image.volumesKnown,
    gaps: service.mountGaps.map((gap) => gap.message),
    baked: (at: string) => isBaked(at, placed),
  };
  return (store) => {
    const backing: Backing =
      store.path === null
        ? { type: 'unknown', reason: store.unknown ?? 'the path is not known' }
        : backingOf(store.path, holders);
    return { store, backing, fate: fatesOf(backing, project.runtime) };
  };
}
