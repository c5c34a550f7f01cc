/** What `docker volume ls` and `docker ps` list, where the words behind them choose by name or not at all. */
import type { Listing } from './model.ts';

/** Changes the order or the look of what goes through, and nothing of what it is. */
const PASSES =
  /^(sort|uniq|xargs|cat|tr|tee|column|sed 's\/\^[^']*'|awk ['"]\{ ?print \$\w+ ?\}['"]|tail -n ?\+2|tail --lines=\+2)(\s[^|]*)?$/;
const VOLUMES = /^(?:sudo\s+)?(?:docker|podman|nerdctl)\s+volume\s+(?:ls|list)\b(.*)$/s;
const CONTAINERS = /^(?:sudo\s+)?(?:docker|podman|nerdctl)\s+(?:ps|container\s+(?:ls|list))\b(.*)$/s;

const BEGINS = /^\s*(?:[$<]\(|`)?\s*(?:sudo\s+)?(?:docker|podman|nerdctl)\s/;
/** Longer texts are whole programs. */
const MAX_LENGTH = 1000;

type Pick = Listing['picks'];

/** Null where the text lists something else, or chooses in a way that cannot be told. `$(...)`, `<(...)` and backticks may stand around it. */
export function listingOf(text: string): Listing | null {
  if (text.length > MAX_LENGTH || !BEGINS.test(text)) return null;
  const inner = /^(?:[$<]\((.*)\)|`(.*)`)$/s.exec(text.trim());
  const [first = '', ...rest] = stepsOf(inner ? (inner[1] ?? inner[2] ?? '') : text);
  const volumes = VOLUMES.exec(first)?.[1];
  const options = volumes ?? CONTAINERS.exec(first)?.[1];
  if (options === undefined) return null;
  const picks = [pickOf(options), ...rest.map(stepOf)];
  if (picks.includes(null)) return null;
  return {
    of: volumes === undefined ? 'containers' : 'volumes',
    picks: (name) => picks.every((pick) => pick!(name)),
  };
}

/** What stands between pipes; what happens when nothing is found (`|| true`) is no step. */
const stepsOf = (text: string): string[] =>
  text
    .replace(/\|\|.*$/s, '')
    .replace(/\d?>(&\d|\s*\/dev\/null)/g, '')
    .split(/\|(?=(?:[^'"]|'[^']*'|"[^"]*")*$)/)
    .map((step) => step.trim());

/** By `--filter`: a name is a part of one. */
function pickOf(options: string): Pick | null {
  const filters = [...options.matchAll(/(?:^|\s)(?:--filter|-[A-Za-z]*f)[= ]\s*["']?([\w.-]+)=([^\s"']*)/g)];
  if (filters.length === 0) return /\s(--filter|-[A-Za-z]*f)\b/.test(options) ? null : () => true;
  const names: string[] = [];
  for (const [, key, value = ''] of filters) {
    if (key !== 'name' || /[$`]/.test(value)) return null;
    names.push(value);
  }
  return (name) => names.some((one) => name.includes(one.replace(/^\^|\$$/g, '')));
}

function stepOf(step: string): Pick | null {
  if (PASSES.test(step)) return () => true;
  const grep = /^(?:e?grep)((?:\s+-[A-Za-z]+)*)\s+(?:"([^"$`]*\$?)"|'([^']*)'|([^\s"'$`]+))$/.exec(step);
  if (!grep) return null;
  const [, flags = '', double, single, bare] = grep;
  if (/[^\s\-viEF]/.test(flags)) return null;
  try {
    // In a basic pattern it is the backslash that makes a brace or a bar count.
    const text = (double ?? single ?? bare ?? '').replace(/\\([{}()|+?])/g, '$1');
    const pattern = new RegExp(text, flags.includes('i') ? 'i' : '');
    return flags.includes('v') ? (name) => !pattern.test(name) : (name) => pattern.test(name);
  } catch {
    return null;
  }
}
