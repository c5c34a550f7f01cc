/** Projects and services in which nothing is said yet. */
import type { Source, Span } from '../syntax/source.ts';
import type { Project, Runtime, Service } from './model.ts';

/** @param key where findings about the service as a whole land */
export const bareService = (name: string, key: Span): Service => ({
  name,
  key,
  declarations: [{ source: key.source, key, node: null }],
  environment: new Map(),
  environmentGaps: [],
  mounts: [],
  replacedMounts: [],
  mountGaps: [],
  readOnly: false,
  init: false,
  profiles: [],
  labels: new Map(),
  labelEntries: new Map(),
  labelGaps: [],
  hooks: [],
  watches: [],
  replicas: 1,
  dependsOn: new Map(),
  broken: false,
  node: { kind: 'map', entries: new Map(), flow: false, span: key },
});

export const bareProject = (runtime: Runtime, directory: string, files: readonly Source[]): Project => ({
  runtime,
  name: '',
  directory,
  files,
  services: [],
  inactive: [],
  volumes: new Map(),
  roots: new Map(),
  problems: [],
  incomplete: true,
});
