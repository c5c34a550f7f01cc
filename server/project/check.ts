/** What Compose refuses once the files are merged. Of services it looks only at those that the profiles leave in. */
import type { Problem } from '../syntax/source.ts';
import { valueAt as child, type MapNode } from '../syntax/tree.ts';
import { checkDependencies } from './check-dependencies.ts';
import { checkResources } from './check-resources.ts';
import { namesOf, type Refuse, textAt } from './check-words.ts';
import type { Project, Service } from './model.ts';
import { entriesOf } from './reader.ts';

export function checkProject(project: Project, root: MapNode): Problem[] {
  const problems: Problem[] = [];
  const refuse: Refuse = (span, message) => problems.push({ span, message });
  const byName = new Map(project.services.map((service) => [service.name, service]));
  for (const service of project.services) {
    problems.push(...service.labelGaps);
    checkRuns(service, refuse);
    checkNames(project, root, service, refuse);
    checkCopies(service, refuse);
    checkBuild(byName, service, refuse);
    checkHealth(service, refuse);
    checkWatch(service, refuse);
    checkDevices(service, refuse);
  }
  checkDependencies(byName, new Set(project.inactive.map(({ name }) => name)), refuse);
  checkResources(root, refuse);
  return problems;
}

function checkRuns(service: Service, refuse: Refuse): void {
  // What a provider runs is no container.
  const provided = child(service.node, 'provider') !== undefined;
  if (!service.image?.value && !service.build && !service.broken && !provided) {
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

function checkBuild(services: ReadonlyMap<string, Service>, { name, node }: Service, refuse: Refuse): void {
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
    const other = services.get(target);
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
