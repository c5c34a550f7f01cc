/** What Compose refuses once the files are merged. Of services it looks only at those that the profiles leave in. */
import type { Problem, Span } from '../syntax/source.ts';
import { valueOf as child, type MapNode, type Node } from '../syntax/tree.ts';
import { dependenciesOf } from './dependencies.ts';
import { textOf } from './located.ts';
import type { Project, Service } from './model.ts';
import { entriesOf, isTrue } from './reader.ts';

type Refuse = (span: Span, message: string) => void;

export function checkProject(project: Project, root: MapNode): Problem[] {
  const problems: Problem[] = [];
  const refuse: Refuse = (span, message) => problems.push({ span, message });
  for (const service of project.services) {
    checkRuns(service, refuse);
    checkNames(project, root, service, refuse);
    checkCopies(service, refuse);
    checkBuild(project, service, refuse);
    checkHealth(service, refuse);
    checkWatch(service, refuse);
    checkDevices(service, refuse);
  }
  checkCycles(project, refuse);
  checkResources(root, refuse);
  return problems;
}

function checkRuns(service: Service, refuse: Refuse): void {
  if (!service.image?.value && !service.build && !service.broken) {
    refuse(service.key, `the service ${service.name} has neither an image nor a build section`);
  }
  const mode = child(service.node, 'network_mode');
  if (textAt(mode) && namesOf(child(service.node, 'networks')).length > 0) {
    refuse(
      mode!.span,
      `the service ${service.name} has both network_mode and networks: Compose takes one or the other`,
    );
  }
}

/** What it uses must be there. */
function checkNames(project: Project, root: MapNode, service: Service, refuse: Refuse): void {
  const { name, node } = service;
  for (const mount of service.listedMounts ?? service.mounts) {
    if (mount.type !== 'volume' || mount.from !== 'volumes' || !mount.source || project.volumes.has(mount.source))
      continue;
    refuse(
      mount.sourceSpan ?? mount.span,
      `the service ${name} uses the volume ${mount.source}, which is not declared`,
    );
  }
  for (const [kind, users] of [
    ['networks', node],
    ['configs', node],
    ['secrets', node],
    ['secrets', child(node, 'build')],
  ] as const) {
    for (const { text, span } of namesOf(child(users, kind))) {
      if ((kind === 'networks' && text === 'default') || child(child(root, kind), text) !== undefined) continue;
      refuse(span, `the service ${name} uses the ${kind.slice(0, -1)} ${text}, which is not declared`);
    }
  }
  for (const { service: other, required, span } of dependenciesOf(service)) {
    if (project.services.some((one) => one.name === other)) continue;
    const inactive = project.inactive.some((one) => one.name === other);
    if (inactive && !required) continue;
    refuse(
      span,
      `the service ${name} needs ${other}, which ${inactive ? 'the active profiles leave out' : 'is no service of this project'}`,
    );
  }
}

function checkCopies({ name, node, containerName, replicas }: Service, refuse: Refuse): void {
  const scale = child(node, 'scale');
  const deployed = child(child(node, 'deploy'), 'replicas');
  if (scale && deployed && Number(textAt(scale)) !== Number(textAt(deployed))) {
    refuse(scale.span, `the service ${name} has different numbers in scale and deploy.replicas`);
  }
  if (containerName?.value && replicas > 1) {
    refuse(containerName.span, `the service ${name} has a container_name, so there can be only one container of it`);
  }
}

function checkBuild(project: Project, { name, node }: Service, refuse: Refuse): void {
  const build = child(node, 'build');
  const inline = child(build, 'dockerfile_inline');
  if (textAt(inline) && textAt(child(build, 'dockerfile'))) {
    refuse(
      inline!.span,
      `the build of ${name} has both dockerfile and dockerfile_inline: Compose takes one or the other`,
    );
  }
  const platform = textAt(child(node, 'platform'));
  const platforms = namesOf(child(build, 'platforms'));
  if (platform && platforms.length > 0 && !platforms.some(({ text }) => text === platform)) {
    refuse(platforms[0]!.span, `the platforms of the build of ${name} leave out ${platform}, which it runs on`);
  }
  const contexts = child(build, 'additional_contexts');
  const texts =
    contexts?.kind === 'seq'
      ? contexts.items.map(({ value }) => value)
      : entriesOf(contexts).map(([, { value }]) => value);
  for (const node of texts) {
    const written = textAt(node) ?? '';
    if (contexts?.kind === 'seq' && !written.includes('='))
      refuse(node.span, `an additional context is written name=context`);
    const target = /^(?:[^=]*=)?service:(.*)$/s.exec(contexts?.kind === 'seq' ? written : `=${written}`)?.[1];
    if (target === undefined) continue;
    const other = project.services.find((one) => one.name === target);
    if (!other?.build)
      refuse(
        node.span,
        `the build of ${name} takes the context of ${target}, which is ${other ? 'not built' : 'no service of this project'}`,
      );
  }
}

function checkHealth({ node }: Service, refuse: Refuse): void {
  const test = child(child(node, 'healthcheck'), 'test');
  if (test?.kind !== 'seq' || !test.items[0]) return;
  const first = textAt(test.items[0].value);
  if (first !== undefined && !['CMD', 'CMD-SHELL', 'NONE'].includes(first)) {
    refuse(test.items[0].value.span, 'a healthcheck starts with CMD, CMD-SHELL or NONE');
  }
}

/** Devices are asked for by number or by name. */
function checkDevices({ node }: Service, refuse: Refuse): void {
  const reserved = child(child(child(child(node, 'deploy'), 'resources'), 'reservations'), 'devices');
  for (const devices of [reserved, child(node, 'gpus')]) {
    for (const { value } of devices?.kind === 'seq' ? devices.items : []) {
      const both = child(value, 'count') && child(value, 'device_ids');
      if (both) refuse(both.span, 'count and device_ids exclude one another');
    }
  }
}

function checkWatch({ node }: Service, refuse: Refuse): void {
  const watch = child(child(node, 'develop'), 'watch');
  for (const { value } of watch?.kind === 'seq' ? watch.items : []) {
    if (textAt(child(value, 'path')) === '') refuse(value.span, 'a path that is watched cannot be empty');
    const action = textAt(child(value, 'action'));
    if (!textAt(child(value, 'target')) && action !== 'rebuild' && action !== 'restart') {
      refuse(value.span, `the action ${action ?? ''} needs a target`);
    }
  }
}

function checkCycles(project: Project, refuse: Refuse): void {
  const byName = new Map(project.services.map((service) => [service.name, service]));
  const done = new Set<string>();
  const visit = (service: Service, path: readonly string[]): void => {
    if (done.has(service.name)) return;
    for (const { service: name, span } of dependenciesOf(service)) {
      const at = [...path, service.name].indexOf(name);
      const other = byName.get(name);
      if (at >= 0)
        refuse(span, `services wait for each other: ${[...path, service.name].slice(at).join(' -> ')} -> ${name}`);
      else if (other) visit(other, [...path, service.name]);
    }
    done.add(service.name);
  };
  for (const service of project.services) visit(service, []);
}

/** Ways to give a secret or a config its content, of which one must be chosen. */
const CONTENTS = { configs: ['file', 'environment', 'content'], secrets: ['file', 'environment'] } as const;

function checkResources(root: MapNode, refuse: Refuse): void {
  for (const kind of ['volumes', 'networks', 'secrets', 'configs'] as const) {
    for (const [name, { key, value }] of entriesOf(child(root, kind))) {
      const external = child(value, 'external');
      const named = textAt(child(external, 'name'));
      const own = textAt(child(value, 'name'));
      if (named !== undefined && own !== undefined && named !== own) {
        refuse(external!.span, `${kind}.${name} has two different names: name and external.name`);
      }
      if (kind === 'volumes') checkExternal(name, value, refuse);
      if (kind === 'secrets' || kind === 'configs') checkContent(kind, name, key.span, value, refuse);
    }
  }
}

const isExternal = (node: Node): boolean => {
  const external = child(node, 'external');
  return external?.kind === 'map' || isTrue(textAt(external));
};

function checkExternal(name: string, node: Node, refuse: Refuse): void {
  if (!isExternal(node)) return;
  for (const [key, entry] of entriesOf(node)) {
    if (key === 'external' || key === 'name' || key.startsWith('x-')) continue;
    refuse(entry.key.span, `the volume ${name} is external and sets ${key}: Compose takes one or the other`);
  }
}

function checkContent(kind: 'secrets' | 'configs', name: string, key: Span, node: Node, refuse: Refuse): void {
  const has = (attribute: string): boolean => child(node, attribute) !== undefined;
  const ways = CONTENTS[kind].filter(has);
  if (node.kind !== 'map') return;
  if (ways.length > 1) refuse(key, `${kind}.${name} sets ${ways.join(' and ')}: Compose takes one of them`);
  const filled = (attribute: string): boolean => textAt(child(node, attribute)) !== '' && has(attribute);
  const enough =
    kind === 'configs'
      ? ways.length > 0 || has('driver') || has('external')
      : isExternal(node) || filled('file') || filled('environment');
  if (!enough) refuse(key, `${kind}.${name} needs one of ${CONTENTS[kind].join(', ')}`);
}

const textAt = (node: Node | undefined): string | undefined =>
  node?.kind === 'scalar' && node.value !== null ? textOf(node).value : undefined;

/** Keys of a mapping, or the names in a list, whose items may be in long form with a `source`. */
function namesOf(node: Node | undefined): { text: string; span: Span }[] {
  if (node?.kind === 'map') return entriesOf(node).map(([text, { key }]) => ({ text, span: key.span }));
  if (node?.kind !== 'seq') return [];
  return node.items.flatMap(({ value }) => {
    const text =
      textAt(value.kind === 'map' ? child(value, 'source') : value) ?? (value.kind === 'map' ? '' : undefined);
    return text === undefined ? [] : [{ text, span: value.span }];
  });
}
