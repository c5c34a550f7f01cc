/** Elements with text, by their path below the root element: ClickHouse's config.xml. */
import { type ReadSettings, type Setting, shortText } from './model.ts';

const TOKEN = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[[\s\S]*?\]\]>|<(\/?)([\w.:-]+)(?:\s[^<>]*?)?(\/?)>|[^<]+/g;

export const readXml: ReadSettings = (source) => {
  const settings: Setting[] = [];
  const open: string[] = [];
  for (const match of shortText(source).matchAll(TOKEN)) {
    const [token, closing, name, alone] = match;
    if (name !== undefined) {
      if (closing) open.pop();
      else if (!alone) open.push(name);
    } else if (!token.startsWith('<') && token.trim() !== '') {
      const start = match.index + token.length - token.trimStart().length;
      const value = token.trim();
      const key = open.slice(1).join('.');
      settings.push({ key, value, span: { source, start, end: start + value.length } });
    }
  }
  return settings;
};
