/** The containers of a pod in Kubernetes YAML as services. */
import type { Problem } from '../../../syntax/source.ts';
import type { Node, ScalarNode } from '../../../syntax/tree.ts';
import { bareService } from '../../bare.ts';
import type { Label, Service, Text, Words } from '../../model.ts';
import type { QuadletUnit } from '../model.ts';
import { type ConfigMaps, readKubeEnvironment } from './environment.ts';
import { at, flagAt, items, scalarAt, stringAt, stringsAt, textOf, variablesIn } from './nodes.ts';
import { type PodVolumes, readVolumeMounts } from './volumes.ts';

export interface Pod {
  /** As Podman calls it. */
  readonly name: string;
  /** What `spec` of a pod says, wherever it stands. */
  readonly spec: Node;
  readonly metadata: Node | undefined;
  readonly unit: QuadletUnit;
  readonly volumes: PodVolumes;
  readonly configMaps: ConfigMaps;
}

export interface PodServices {
  readonly services: readonly Service[];
  readonly problems: readonly Problem[];
}

export function readPod(pod: Pod): PodServices {
  const all = (key: string) =>
    items(at(pod.spec, key))
      .filter((container) => container.kind === 'map')
      .map((container) => readContainer(container, pod));
  const before = all('initContainers');
  const read = all('containers');
  // They run one after another to their end before the others are started.
  const dependsOn = new Map(before.map(({ service }) => [service.name, 'service_completed_successfully']));
  return {
    services: [...before.map(({ service }) => service), ...read.map(({ service }) => ({ ...service, dependsOn }))],
    problems: [...before, ...read].flatMap(({ problems }) => problems),
  };
}

function readContainer(container: Node, pod: Pod): { service: Service; problems: readonly Problem[] } {
  const nameNode = scalarAt(container, 'name');
  const name = nameNode?.text ?? 'container';
  const { mounts, gaps, problems } = readVolumeMounts(container, pod.volumes);
  const key = nameNode?.span ?? container.span;
  const entrypoint = wordsOf(at(container, 'command'));
  const command = wordsOf(at(container, 'args'));
  const labels = labelsOf(pod, name);
  const optional = {
    image: text(scalarAt(container, 'image')),
    workingDir: text(scalarAt(container, 'workingDir')),
    user: text(
      scalarAt(container, 'securityContext', 'runAsUser') ?? scalarAt(pod.spec, 'securityContext', 'runAsUser'),
    ),
    hostname: text(scalarAt(pod.spec, 'hostname')),
    pullPolicy: changed(scalarAt(container, 'imagePullPolicy'), PULLS),
    restart: changed(scalarAt(pod.spec, 'restartPolicy'), RESTARTS),
    stopGracePeriod: changed(scalarAt(pod.spec, 'terminationGracePeriodSeconds'), null),
  };
  const service: Service = {
    ...bareService(`${pod.name}-${name}`, key),
    ...readKubeEnvironment(container, pod.configMaps),
    mounts,
    mountGaps: gaps,
    readOnly: flagAt(container, 'securityContext', 'readOnlyRootFilesystem'),
    labels: new Map([...labels.values()].map((label) => [label.name, label.value])),
    labelEntries: labels,
    broken: container.damaged === true,
    unit: pod.unit,
    ...(entrypoint ? { entrypoint } : {}),
    ...(command ? { command } : {}),
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value)) as Partial<Service>),
  };
  return { service, problems };
}

const text = (scalar: ScalarNode | undefined): Text | undefined => scalar && textOf(scalar);

const RESTARTS: Readonly<Record<string, string>> = { Always: 'always', OnFailure: 'on-failure', Never: 'no' };
const PULLS: Readonly<Record<string, string>> = { Always: 'always', IfNotPresent: 'missing', Never: 'never' };

/** In the words of everything else; without a table they are seconds. */
function changed(scalar: ScalarNode | undefined, table: Readonly<Record<string, string>> | null): Text | undefined {
  return scalar && { ...textOf(scalar), value: table ? (table[scalar.text] ?? scalar.text) : `${scalar.text}s` };
}

function wordsOf(node: Node | undefined): Words | undefined {
  const scalars = items(node).filter((item): item is ScalarNode => item.kind === 'scalar');
  if (!node || scalars.length === 0) return undefined;
  return {
    words: scalars.map((scalar) => scalar.text),
    spans: scalars.map(({ span }) => span),
    span: node.span,
    unresolved: scalars.flatMap(variablesIn),
    shell: false,
  };
}

const AUTO_UPDATE = 'io.containers.autoupdate';

/** The pod's labels, and the annotation that has a container updated. */
function labelsOf({ metadata }: Pod, container: string): Map<string, Label> {
  const annotations = new Map(stringsAt(metadata, 'annotations'));
  const update = annotations.get(`${AUTO_UPDATE}/${container}`) ?? annotations.get(AUTO_UPDATE);
  const labels = [...stringsAt(metadata, 'labels'), ...(update ? [[AUTO_UPDATE, update] as const] : [])];
  return new Map(
    labels.map(([name, scalar]) => [name, { name, value: scalar.text, span: scalar.span, from: 'labels' }]),
  );
}

/** @returns undefined for what makes no containers */
export function podIn(document: Node): Pick<Pod, 'name' | 'spec' | 'metadata'> | undefined {
  const kind = stringAt(document, 'kind');
  const name = stringAt(document, 'metadata', 'name') ?? 'pod';
  if (kind === 'Pod') {
    const spec = at(document, 'spec');
    return spec && { name, spec, metadata: at(document, 'metadata') };
  }
  if (kind !== 'Deployment' && kind !== 'DaemonSet' && kind !== 'Job') return undefined;
  const spec = at(document, 'spec', 'template', 'spec');
  return spec && { name: `${name}-pod`, spec, metadata: at(document, 'spec', 'template', 'metadata') };
}
