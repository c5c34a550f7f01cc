/** `block { key: value }`, as in nats.conf: blocks become dotted keys; `:`, `=` or nothing stands between key and value. */
import type { ReadSettings, Setting } from './model.ts';
import { settingAt, shortText } from './model.ts';

const TOKEN = /\s+|(?:#|\/\/)[^\r\n]*|[{}[\],;=:]|"[^"\r\n]*"|'[^'\r\n]*'|[^\s{}[\],;=:"'#]+(?::\/\/[^\s{}[\],;]+)?/g;

export const readBlocks: ReadSettings = (source) => {
  const settings: Setting[] = [];
  const open: string[] = [];
  let key: string | null = null;
  for (const { 0: token, index } of shortText(source).matchAll(TOKEN)) {
    if (/^(\s|#|\/\/)/.test(token)) {
      // A key without a value ends with its line.
      if (/[\r\n]/.test(token) && key !== null && !opensBelow(source.text, index)) key = null;
    } else if (token === '{') {
      open.push(key ?? '');
      key = null;
    } else if (token === '}') {
      open.pop();
      key = null;
    } else if (/^[=:,;[\]]$/.test(token)) continue;
    else if (key === null) key = token.replace(/^["']|["']$/g, '');
    else {
      settings.push(settingAt(source, [...open, key].filter((part) => part !== '').join('.'), token, index));
      key = null;
    }
  }
  return settings;
};

/** The brace may stand on the next line. */
const opensBelow = (text: string, at: number): boolean => /^\s*[{=:]/.test(text.slice(at, at + 200));
