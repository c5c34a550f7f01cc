/** A `.kube` unit: the containers of the Kubernetes YAML that it names, as `podman kube play` starts them. */
import * as path from 'node:path';
import { UnreadableFile } from '../../files.ts';
import type { Problem, Source } from '../../syntax/source.ts';
import type { Node } from '../../syntax/tree.ts';
import { type Chars, place } from '../../syntax/unit/chars.ts';
import { allNames, last } from '../../syntax/unit/lookup.ts';
import { moreDocuments, yamlOf } from '../documents.ts';
import type { Label, Service } from '../model.ts';
import { AUTO_UPDATE } from './container.ts';
import { configMapsIn } from './kube/environment.ts';
import { at, items, stringAt } from './kube/nodes.ts';
import { podIn, readPod } from './kube/pod.ts';
import { readClaim, readPodVolumes } from './kube/volumes.ts';
import { entriesIn, headerOf, ownEntries, type QuadletUnit } from './model.ts';
import type { Units } from './units.ts';
import { userNamespaceOf } from './users.ts';

export interface ReadKube {
  readonly services: readonly Service[];
  readonly problems: readonly Problem[];
}

export function readKube(unit: QuadletUnit, units: Units): ReadKube {
  const named = allNames(ownEntries(unit), 'Yaml').words.map(({ value }) => value);
  if (named.length === 0) return { services: [], problems: [{ span: headerOf(unit), message: 'no Yaml= is set' }] };
  const read = named.map((yaml) => readFile(yaml, unit, units));
  return { services: read.flatMap(({ services }) => services), problems: read.flatMap(({ problems }) => problems) };
}

function readFile(written: Chars, unit: QuadletUnit, units: Units): ReadKube {
  const value = units.placeOf(unit).expand(written);
  const span = place(written);
  const refuse = (cause: string): ReadKube => ({
    services: [],
    problems: [{ span, message: `${written.text} ${cause}`, reference: true }],
  });
  const hole = value.holes[0];
  if (hole) return refuse(`is named by ${hole.variable}, which is not known here`);
  const file = path.posix.resolve(units.directory, value.chars.text);
  try {
    const source = units.files.read(file);
    units.more.push(source);
    return readDocuments(source, unit, units, path.posix.dirname(file));
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return refuse(error.message);
  }
}

function readDocuments(source: Source, unit: QuadletUnit, units: Units, beside: string): ReadKube {
  const files = [yamlOf(source), ...moreDocuments(source)];
  const documents = files.flatMap(({ root }) => (root ? listed(root) : []));
  const configMaps = configMapsIn(documents);
  for (const document of documents)
    if (stringAt(document, 'kind') === 'PersistentVolumeClaim') readClaim(document, units);
  const directory = workingDirectory(unit, units, beside);
  const pods = documents.flatMap((document) => podIn(document) ?? []);
  const read = pods.map((pod) =>
    readPod({ ...pod, unit, configMaps, volumes: readPodVolumes(pod.spec, units, directory) }),
  );
  const updates = updatesOf(unit);
  const userNamespace = userNamespaceOf(unit, units);
  return {
    services: read
      .flatMap(({ services }) => services)
      .map((service) => updated(userNamespace ? { ...service, userNamespace } : service, updates)),
    problems: [...files.flatMap(({ problems }) => problems.map(inside)), ...read.flatMap(({ problems }) => problems)],
  };
}

/** The YAML parser puts some faults behind the end of the text. */
function inside(problem: Problem): Problem {
  const { source, start, end } = problem.span;
  const most = source.text.length;
  return { ...problem, span: { source, start: Math.min(start, most), end: Math.min(end, most) } };
}

const listed = (root: Node): readonly Node[] => (stringAt(root, 'kind') === 'List' ? items(at(root, 'items')) : [root]);

/** Where Podman runs, if anything says so. */
function workingDirectory(unit: QuadletUnit, units: Units, beside: string): string | null {
  const set = last(entriesIn(unit, 'Service'), 'WorkingDirectory')?.value.text;
  if (set !== undefined) return path.posix.isAbsolute(set) ? set : null;
  const wanted = last(ownEntries(unit), 'SetWorkingDirectory')?.value.text.toLowerCase();
  return wanted === 'yaml' ? beside : wanted === 'unit' ? units.directory : null;
}

/** `AutoUpdate=registry` is for all containers, `AutoUpdate=db/registry` for one. */
function updatesOf(unit: QuadletUnit): ReadonlyMap<string, Label> {
  return new Map(
    allNames(ownEntries(unit), 'AutoUpdate').words.map(({ value }) => {
      const slash = value.text.indexOf('/');
      const label: Label = {
        name: AUTO_UPDATE,
        value: value.text.slice(slash + 1),
        span: place(value),
        from: 'labels',
      };
      return [slash < 0 ? '' : value.text.slice(0, slash), label];
    }),
  );
}

function updated(service: Service, updates: ReadonlyMap<string, Label>): Service {
  const [, own] = [...updates].find(([name]) => name !== '' && service.name.endsWith(`-${name}`)) ?? [];
  const label = own ?? updates.get('');
  if (!label) return service;
  return {
    ...service,
    labels: new Map([...service.labels, [label.name, label.value]]),
    labelEntries: new Map([...service.labelEntries, [label.name, label]]),
  };
}
