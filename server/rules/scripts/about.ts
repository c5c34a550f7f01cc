/** Which project a call of Compose in a script is about. */
import * as path from 'node:path';
import { composeAt, engineAt } from '../../scripts/calls.ts';
import type { Command, Script, Word } from '../../scripts/model.ts';
import type { AnalysedProject, AnalysedService } from '../../stores/model.ts';
import { isTestPath } from '../guards.ts';

export interface Call {
  /** `docker`, `docker compose`, `podman-compose`. */
  readonly program: string;
  readonly engine: 'docker' | 'podman';
  readonly compose: boolean;
  /** `down`, `volume prune`. */
  readonly verb: string;
  /** Behind the verb. */
  readonly args: readonly Word[];
  /** In front of the verb. */
  readonly options: readonly Word[];
}

const GROUPS = new Set(['volume', 'system', 'container', 'image', 'builder', 'pod', 'stack', 'network']);

const baseName = (text: string): string => text.slice(text.lastIndexOf('/') + 1).replace(/\.exe$/, '');

/** Null where the command is no call of an engine or of Compose. */
export function callOf({ words }: Command): Call | null {
  const name = baseName(words[0].text);
  const engine = name.startsWith('podman') ? 'podman' : 'docker';
  const compose = composeAt(words);
  if (compose > 0) {
    const verb = words[compose];
    if (!verb?.told) return null;
    const program = name.includes('-') ? name : `${name} compose`;
    const options = words.slice(1, compose);
    return { program, engine, compose: true, verb: verb.text, args: words.slice(compose + 1), options };
  }
  const at = engineAt(words);
  const verb = at > 0 ? words[at] : undefined;
  if (!verb?.told) return null;
  const group = GROUPS.has(verb.text) ? words[at + 1] : undefined;
  if (group && !group.told) return null;
  return {
    program: name,
    engine,
    compose: false,
    // `docker container rm` is `docker rm`.
    verb: group ? (verb.text === 'container' ? group.text : `${verb.text} ${group.text}`) : verb.text,
    args: words.slice(at + (group ? 2 : 1)),
    options: words.slice(1, at),
  };
}

/** `this`: the project around the script. `test`: one that is thrown away. `unknown`: another, or none that is known. */
export type About = 'this' | 'test' | 'unknown';

export function aboutOf(call: Call, command: Command, script: Script, { project, services }: AnalysedProject): About {
  const files = valuesOf(call.options, ['-f', '--file']);
  const names = [
    ...valuesOf(call.options, ['-p', '--project-name']),
    ...command.assignments.filter(({ name }) => name === 'COMPOSE_PROJECT_NAME').map(({ value }) => value),
  ];
  if (files.some(({ text }) => isTestPath(text)) || names.some(({ text }) => isTestPath(text))) return 'test';
  if (services.length === 0 || files.some(({ told }) => !told)) return 'unknown';
  const known = new Set(project.files.map((file) => path.posix.basename(file.path)));
  if (files.some(({ text }) => !known.has(path.posix.basename(text)))) return 'unknown';
  return isFolderOf(command, script, project.directory) ? 'this' : 'unknown';
}

/** Folders that the script may be run from: its own and those above, up to the project's. */
export function startsOf(script: Script, directory: string): string[] {
  const own = path.posix.dirname(script.source.path);
  const starts = [own];
  for (let at = own; at !== directory && at !== path.posix.dirname(at); at = path.posix.dirname(at))
    starts.push(path.posix.dirname(at));
  return starts.at(-1) === directory ? starts : [own, directory];
}

function isFolderOf(command: Command, script: Script, directory: string): boolean {
  const { folder, within } = command;
  // Where a machine elsewhere keeps the project, nobody here knows; and most `cd "$(dirname "$0")"` lead here.
  if (folder === null || within.some(({ kind }) => kind === 'host')) return true;
  if (folder === '') return true;
  return startsOf(script, directory).some((start) => path.posix.resolve(start, folder) === directory);
}

/** Values of an option, however it is written. */
export function valuesOf(words: readonly Word[], names: readonly string[]): Word[] {
  return words.flatMap((word, i): Word[] => {
    if (names.includes(word.text)) return words[i + 1] ? [words[i + 1]!] : [];
    const name = names.find((one) => one.startsWith('--') && word.text.startsWith(`${one}=`));
    return name === undefined ? [] : [behind(word, name.length + 1)];
  });
}

function behind({ each, ...word }: Word, start: number): Word {
  const text = word.text.slice(start);
  return each ? { ...word, text, each: { ...each, template: each.template.slice(start) } } : { ...word, text };
}

/** A flag without a value, also among others: `-fv`. */
export const flagIn = (words: readonly Word[], short: string | null, long: string): Word | undefined =>
  words.find(
    ({ text, told }) =>
      told &&
      (text === long ||
        text === `${long}=true` ||
        (short !== null && /^-[A-Za-z]+$/.test(text) && text.includes(short, 1))),
  );

/** The service that a name of a container means: `db`, `shop-db-1`, what `container_name` says. */
export function serviceNamed(name: Word | null, { project, services }: AnalysedProject): AnalysedService | undefined {
  if (!name) return undefined;
  const container = /\$\(.*\bps\b.*\s([\w.-]+)\s*\)/.exec(
    name.span.source.text.slice(name.span.start, name.span.end),
  )?.[1];
  const text = container ?? name.text;
  return services.find(
    ({ service }) =>
      service.name === text ||
      service.containerName?.value === text ||
      (project.name !== '' &&
        [`${project.name}-${service.name}-1`, `${project.name}_${service.name}_1`].includes(text)),
  );
}

/** The service whose container has this name where the project is called otherwise, as in a clone of another name: `old-db-1`. */
export function serviceOfClone(text: string, { services }: AnalysedProject): AnalysedService | undefined {
  const [, front = '', joint = ''] = /^([a-z0-9][\w-]*)([-_])\d+$/.exec(text) ?? [];
  return (
    services
      .filter(({ service: { name, containerName } }) => {
        const end = `${joint}${name}`;
        return containerName === undefined && front.endsWith(end) && front.length > end.length;
      })
      // Of `a-web-db-1` it is `web-db`, where there is one.
      .sort((a, b) => b.service.name.length - a.service.name.length)[0]
  );
}
