/** Settings: the editor's or the command line's, over those of `.compose-persistence.yaml`. */
import * as path from 'node:path';
import { userImagesOf } from '../catalogue/user-images.ts';
import { type Files, UnreadableFile } from '../files.ts';
import { RULES } from '../generated/rules.ts';
import { SEVERITIES, type Severity } from '../rules/rule.ts';
import { positionAt } from '../syntax/source.ts';
import type { Node } from '../syntax/tree.ts';
import { parseYaml } from '../syntax/yaml.ts';
import type { Settings, SettingsProblem } from './model.ts';
import { checksOf } from './settings-checks.ts';
import { projectsOf } from './settings-projects.ts';

export const SETTINGS_FILE = '.compose-persistence.yaml';

export const DEFAULT_SETTINGS: Settings = {
  rules: {},
  images: {},
  exclude: [],
  includeTests: false,
  projects: [],
  checks: [],
};

const LEVELS: ReadonlySet<string> = new Set([...SEVERITIES, 'off']);
const KEYS = new Set(['rules', 'images', 'exclude', 'includeTests', 'projects', 'checks', 'trace']);

/** The nearest settings file at or above `folder`; null where there is none. */
export function findSettingsFile(files: Files, folder: string): string | null {
  for (let at = folder; ; at = path.posix.dirname(at)) {
    const file = path.posix.join(at, SETTINGS_FILE);
    if (files.kind(file) === 'file') return file;
    if (at === path.posix.dirname(at)) return null;
  }
}

/**
 * `overrides` (plain data, unchecked) win over the file, rule by rule. Faults are left out and reported.
 * @param base what file names in `overrides` are relative to
 */
export function readSettings(
  files: Files,
  folder: string,
  overrides: unknown,
  base = folder,
): { settings: Settings; problems: SettingsProblem[] } {
  const file = findSettingsFile(files, folder);
  const fromFile = file === null ? checked(undefined, folder) : readSettingsFile(files, file);
  const over = checked(overrides, base);
  return { settings: combine(fromFile.settings, over.settings), problems: [...fromFile.problems, ...over.problems] };
}

export function readSettingsFile(
  files: Files,
  file: string,
): { settings: Partial<Settings>; problems: SettingsProblem[] } {
  try {
    const { root, problems } = parseYaml(files.read(file));
    const first = problems[0];
    if (first) return { settings: {}, problems: [{ file, message: `is not YAML: ${first.message}` }] };
    return checked(root === null ? undefined : plain(root), path.posix.dirname(file), file, root);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return { settings: {}, problems: [{ file, message: error.message }] };
  }
}

export const combine = (base: Partial<Settings>, over: Partial<Settings>): Settings => ({
  rules: { ...base.rules, ...over.rules },
  images: { ...base.images, ...over.images },
  exclude: [...(base.exclude ?? []), ...(over.exclude ?? [])],
  includeTests: over.includeTests ?? base.includeTests ?? false,
  projects: [...(over.projects ?? []), ...(base.projects ?? [])],
  checks: [...(over.checks ?? []), ...(base.checks ?? [])],
});

function plain(node: Node): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'seq') return node.items.map((item) => plain(item.value));
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plain(entry.value)]));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function checked(
  value: unknown,
  folder: string,
  file?: string,
  root: Node | null = null,
): { settings: Partial<Settings>; problems: SettingsProblem[] } {
  const problems: SettingsProblem[] = [];
  const refuse = (message: string): void => void problems.push({ message, ...(file === undefined ? {} : { file }) });
  if (value === undefined || value === null) return { settings: {}, problems };
  if (!isRecord(value)) {
    refuse('settings are a mapping with the keys rules, images, exclude, includeTests, projects and checks');
    return { settings: {}, problems };
  }
  for (const key of Object.keys(value)) if (!KEYS.has(key)) refuse(`there is no setting "${key}"`);
  const settings: { -readonly [K in keyof Settings]?: Settings[K] } = {};
  if (value.rules !== undefined && value.rules !== null) settings.rules = rulesOf(value.rules, refuse);
  if (value.images !== undefined && value.images !== null)
    settings.images = userImagesOf(value.images, (message, way) =>
      refuse(root === null ? message : `line ${lineAt(root, ['images', ...way])}: ${message}`),
    );
  if (value.exclude !== undefined && value.exclude !== null) {
    if (Array.isArray(value.exclude) && value.exclude.every((glob) => typeof glob === 'string'))
      settings.exclude = value.exclude;
    else refuse('exclude is a list of patterns');
  }
  if (value.includeTests !== undefined && value.includeTests !== null) {
    if (typeof value.includeTests === 'boolean') settings.includeTests = value.includeTests;
    else refuse('includeTests is true or false');
  }
  if (value.projects !== undefined && value.projects !== null)
    settings.projects = projectsOf(value.projects, folder, refuse);
  if (value.checks !== undefined && value.checks !== null) {
    // They may run commands: what is reviewed with the project may say so, what is set in an editor may not.
    if (root === null) refuse(`checks are read from ${SETTINGS_FILE} alone`);
    else settings.checks = checksOf(value.checks, (message, way) => refuse(`line ${lineAt(root, way)}: ${message}`));
  }
  return { settings, problems };
}

/** Of the last thing on the way that is there, counted from 1. */
function lineAt(root: Node, way: readonly (string | number)[]): number {
  let { span } = root;
  let node: Node | undefined = root;
  for (const step of way) {
    const entry: { readonly key?: Node; readonly value: Node } | undefined =
      node?.kind === 'map'
        ? node.entries.get(String(step))
        : node?.kind === 'seq'
          ? node.items[Number(step)]
          : undefined;
    if (!entry) break;
    span = entry.key?.span ?? entry.value.span;
    node = entry.value;
  }
  return positionAt(span.source, span.start).line + 1;
}

function rulesOf(value: unknown, refuse: (message: string) => void): Settings['rules'] {
  if (!isRecord(value)) {
    refuse('rules is a mapping from rule names to severities');
    return {};
  }
  const names = new Set(RULES.map((rule) => rule.name));
  const rules: Record<string, Severity | 'off'> = {};
  for (const [name, level] of Object.entries(value)) {
    const text = level === false ? 'off' : level;
    if (!names.has(name)) refuse(`there is no rule "${name}"`);
    else if (typeof text !== 'string' || !LEVELS.has(text))
      refuse(`the severity of ${name} is one of ${[...LEVELS].join(', ')}, not ${JSON.stringify(level)}`);
    else rules[name] = text as Severity | 'off';
  }
  return rules;
}
