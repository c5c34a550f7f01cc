/** `key value`, or `key = value`, a line each: redis.conf, mosquitto.conf, postgresql.conf. */
import { linesIn, type ReadSettings, type Setting, settingAt } from './model.ts';

export const readDirectives: ReadSettings = (source) => {
  const settings: Setting[] = [];
  for (const { text, start } of linesIn(source)) {
    const match = /^\s*([A-Za-z_][\w.-]*)(?:\s*=\s*|\s+)("[^"]*"|'[^']*'|[^\s#]+)/.exec(text);
    if (!match) continue;
    const [whole, name = '', written = ''] = match;
    settings.push(settingAt(source, name.toLowerCase(), written, start + whole.length - written.length));
  }
  return settings;
};
