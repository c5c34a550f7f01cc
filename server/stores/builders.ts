/** Who builds the image of a service that names one and builds none: the project itself, or a Compose file beside it. */
import type { Files } from '../files.ts';
import type { Project, Service } from '../project/model.ts';
import type { Evidence, Store } from '../survival/words.ts';
import { type Beside, buildBeside } from './beside.ts';
import { ownBuild } from './published.ts';

/** A service as its image is read. */
export interface View {
  /** With the build of its image, where another has it. */
  readonly service: Service;
  /** Why it is no more than taken for that: what is pulled may have been made of something else. */
  readonly assumed?: Evidence;
}

/** @param isKnown whether the catalogue knows what the image of a service keeps */
export function viewsOf(
  project: Project,
  isKnown: (service: Service) => boolean,
  beside: Beside,
  files: Files,
): Map<Service, View> {
  const all = [...project.services, ...project.inactive];
  const builders = new Map(
    all.flatMap(({ image, build }) =>
      image && build && image.unresolved.length === 0 ? [[nameOf(image.value), build]] : [],
    ),
  );
  return new Map(
    all.map((service) => {
      const { image } = service;
      if (service.build || !image || service.broken) return [service, { service }];
      const build = image.unresolved.length === 0 ? builders.get(nameOf(image.value)) : undefined;
      if (build) return [service, { service: { ...service, build } }];
      return [service, isKnown(service) ? { service } : assumedView(service, beside, files)];
    }),
  );
}

function assumedView(service: Service, beside: Beside, files: Files): View {
  const other = buildBeside(service, beside, files);
  const build = other?.build ?? ownBuild(service, files);
  if (!build) return { service };
  const note = !other
    ? 'the image is called as this repository is'
    : other.named
      ? 'a build beside it is given the name of the image'
      : `a file beside it builds ${service.name} instead of pulling it`;
  const confidence = other?.named ? 'secondary' : 'memory';
  return { service: { ...service, build }, assumed: { from: 'dockerfile', note, span: build.span, confidence } };
}

/** No surer than that the image is made of what was read. */
export const assumedStore = (store: Store, assumed: Evidence): Store => ({
  ...store,
  confidence: assumed.confidence === 'memory' ? 'memory' : store.confidence,
  evidence: [...store.evidence, assumed],
});

/** An image of Docker's own may be written in several ways. */
export const nameOf = (reference: string): string =>
  reference.replace(/^(docker\.io\/)?(library\/)?/, '').replace(/^([^:@]+|.*:\d+\/[^:@]+)$/, '$1:latest');
