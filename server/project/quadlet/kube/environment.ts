/** The environment of a container in Kubernetes YAML. */
import type { Problem } from '../../../syntax/source.ts';
import type { Node } from '../../../syntax/tree.ts';
import type { EnvironmentEntry } from '../../model.ts';
import { at, items, problemAt, scalarAt, stringAt, stringsAt, variablesIn } from './nodes.ts';

/** ConfigMaps of the same files: name -> key -> value. */
export type ConfigMaps = ReadonlyMap<string, ReadonlyMap<string, string>>;

export function configMapsIn(documents: readonly Node[]): ConfigMaps {
  const maps = documents.filter((document) => stringAt(document, 'kind') === 'ConfigMap');
  return new Map(
    maps.map((map) => [
      stringAt(map, 'metadata', 'name') ?? '',
      new Map(stringsAt(map, 'data').map(([key, { text }]) => [key, text])),
    ]),
  );
}

export interface KubeEnvironment {
  readonly environment: ReadonlyMap<string, EnvironmentEntry>;
  readonly environmentGaps: readonly Problem[];
}

/** `env`, then `envFrom`, which Podman lets win. Secrets are not read. */
export function readKubeEnvironment(container: Node, configMaps: ConfigMaps): KubeEnvironment {
  const environment = new Map<string, EnvironmentEntry>();
  const environmentGaps: Problem[] = [];
  for (const item of items(at(container, 'env'))) {
    const name = stringAt(item, 'name');
    if (name === undefined) continue;
    const value = scalarAt(item, 'value');
    const map = configMaps.get(stringAt(item, 'valueFrom', 'configMapKeyRef', 'name') ?? '');
    const taken = map?.get(stringAt(item, 'valueFrom', 'configMapKeyRef', 'key') ?? '');
    const said = value?.text ?? taken ?? (at(item, 'valueFrom') ? null : '');
    const unresolved = value ? variablesIn(value) : [];
    environment.set(name, { name, value: said, span: item.span, unresolved, from: 'environment' });
  }
  for (const item of items(at(container, 'envFrom'))) {
    const name = stringAt(item, 'configMapRef', 'name');
    const map = name === undefined ? undefined : configMaps.get(name);
    const prefix = stringAt(item, 'prefix') ?? '';
    if (!map) environmentGaps.push(problemAt(item, `what ${name ?? 'the secret'} sets is not known here`));
    for (const [key, value] of map ?? [])
      environment.set(prefix + key, { name: prefix + key, value, span: item.span, unresolved: [], from: 'env_file' });
  }
  return { environment, environmentGaps };
}
