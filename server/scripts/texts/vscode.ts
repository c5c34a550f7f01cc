/** What the editor is told to run: `.vscode/tasks.json`, and the commands of its container extension in `settings.json`. */
import type { Node } from 'jsonc-parser/lib/esm/main.js';
import type { Source } from '../../syntax/source.ts';
import { MapBuilder, type Mapped } from '../mapped.ts';
import { type ScriptSetting, UNKNOWN } from '../model.ts';
import type { Chunk, ChunkReader } from './chunk.ts';
import { at, elements, jsonRoot, mappedString, properties, spanAt, stringOf } from './json-text.ts';

/** `${workspaceFolder}` is where tasks start; what else is asked for is not known. */
const VARIABLE = /\$\{([^}]*)\}/g;

const replaced = (text: Mapped): Mapped =>
  text.replace(VARIABLE, ([, name = '']) =>
    name === 'workspaceFolder' ? '.' : /^env:/.test(name) ? UNKNOWN : /^[a-z]\w*(:|$)/.test(name) ? UNKNOWN : null,
  );

export const vscodeTasks: ChunkReader = (source) => {
  const root = jsonRoot(source);
  return elements(at(root, 'tasks')).flatMap((task) => {
    const label = at(task, 'label') ?? at(task, 'taskName');
    const folder = stringOf(at(task, 'options', 'cwd'))?.replace(/^\$\{workspaceFolder\}\/?/, '');
    const after = elements(at(task, 'dependsOn')).flatMap((one) => stringOf(one) ?? []);
    return [task, at(task, 'linux'), at(task, 'osx'), at(task, 'windows')].flatMap((one): Chunk[] => {
      const command = at(one, 'command');
      if (!command || !one) return [];
      const text = commandOf(source, command, elements(at(one, 'args') ?? at(task, 'args')));
      return text
        ? [
            {
              name: stringOf(label) ?? null,
              span: spanAt(source, label ?? command),
              texts: [replaced(text)],
              after,
              ...(folder === undefined ? {} : { folder: folder.includes('${') ? null : folder }),
            },
          ]
        : [];
    });
  });
};

const textNode = (node: Node): Node | undefined => (node.type === 'object' ? at(node, 'value') : node);

/** The command and its arguments as one line; an argument with spaces is one word. */
function commandOf(source: Source, command: Node, args: readonly Node[]): Mapped | null {
  const first = textNode(command);
  if (first?.type !== 'string') return null;
  const builder = new MapBuilder(source, first.offset + 1);
  const add = (node: Node, quoted: boolean): void => {
    const text = mappedString(source, node);
    const apart = quoted && /[\s"'$&|;<>()\\]/.test(text.text) && !text.text.includes("'");
    if (apart) builder.put("'", node.offset + 1, node.offset + 1);
    builder.copy(text, 0, text.text.length);
    if (apart) builder.put("'", node.offset + node.length - 1, node.offset + node.length - 1);
  };
  add(first, false);
  for (const arg of args) {
    const node = textNode(arg);
    if (node?.type !== 'string') continue;
    builder.put(' ', node.offset, node.offset);
    add(node, true);
  }
  return builder.build();
}

const SETTINGS = /^((containers|docker)\.commands\.\w+|dockerCompose\.[\w.]+)$/;

/** Settings that have something run, or that say how. */
export function vscodeSettings(source: Source): ScriptSetting[] {
  return properties(jsonRoot(source)).flatMap(({ key, value }): ScriptSetting[] => {
    const name = key.value as string;
    if (!SETTINGS.test(name) || value.type === 'object' || value.type === 'array') return [];
    const known = value.value as string | number | boolean | null;
    return [{ key: name, value: known, keySpan: spanAt(source, key), span: spanAt(source, value) }];
  });
}

/** Templates of commands: `${composeCommand} ${configurationFile} down -v`. */
export const settingsTemplates: ChunkReader = (source) =>
  properties(jsonRoot(source)).flatMap(({ key, value }) => {
    const name = key.value as string;
    if (!/\.commands\./.test(name)) return [];
    return elements(value).flatMap((one): Chunk[] => {
      const template = one.type === 'object' ? at(one, 'template') : one;
      if (template?.type !== 'string') return [];
      const label = stringOf(at(one, 'label'));
      const text = mappedString(source, template).replace(VARIABLE, ([, variable = '']) =>
        variable === 'composeCommand'
          ? 'docker compose'
          : variable === 'containerCommand'
            ? 'docker'
            : OPTIONS.has(variable)
              ? ''
              : UNKNOWN,
      );
      return [{ name: label ?? name.split('.').at(-1)!, span: spanAt(source, key), texts: [text] }];
    });
  });

/** Stand for options that say which files are meant, or that start the containers in the background. */
const OPTIONS = new Set([
  'configurationFile',
  'profileList',
  'detached',
  'build',
  'projectName',
  'projectDirectory',
  'envFile',
]);
