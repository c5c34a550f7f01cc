/** `[section]` and `key = value`: my.cnf, grafana.ini, properties, simple TOML, environment files. */
import { linesIn, type ReadSettings, type Setting, settingAt } from './model.ts';

/** Keys are lower case with `_`, as most readers of such files take `-` for it; a directive `!include x` has its own name. */
export const readIni: ReadSettings = (source) => {
  const settings: Setting[] = [];
  let section = '';
  for (const { text, start } of linesIn(source)) {
    if (/^\s*[#;]/.test(text)) continue;
    const heading = /^\s*\[+\s*([^\]]*?)\s*\]+\s*(?:[#;].*)?$/.exec(text);
    if (heading) {
      section = normal(heading[1]!);
      continue;
    }
    const directive = /^\s*(![a-z]+)\s+(\S.*?)\s*$/i.exec(text);
    const pair =
      directive ?? /^\s*(?:export\s+)?([\w.-]+)\s*[=:]\s*("[^"]*"|'[^']*'|\[.*?\]|.*?)\s*(?:\s[#;].*)?$/.exec(text);
    if (!pair) continue;
    const [whole, name = '', written = ''] = pair;
    const at = start + whole.lastIndexOf(written, whole.length);
    const key = directive || section === '' ? normal(name) : `${section}.${normal(name)}`;
    settings.push(first(settingAt(source, key, written, at)));
  }
  return settings;
};

const normal = (name: string): string => name.toLowerCase().replaceAll('-', '_');

/** Of a list in brackets the first item. */
function first(setting: Setting): Setting {
  const item = /^\[\s*(["']?)([^"',\]]+)\1/.exec(setting.value);
  if (!item) return setting;
  const value = item[2]!;
  const start = setting.span.start + item[0].indexOf(value);
  return { ...setting, value, span: { ...setting.span, start, end: start + value.length } };
}
