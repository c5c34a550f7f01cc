/** What a part of a script is for, by its own words: whether losing data is a surprise to who runs it. */
import * as path from 'node:path';
import type { Command, Script, ScriptPart } from '../../scripts/model.ts';
import { saysSo, warns } from './cautions.ts';

/**
 * `routine`: stop, deploy, restart, update. `cleaning`: clean, reset, purge. `told`: the text or a prompt says what
 * goes. `test`: on a machine or in a project that is thrown away.
 */
export type Manner = 'routine' | 'cleaning' | 'told' | 'test' | 'other';

const CLEANING =
  /^(clean\w*|clear\w*|reset\w*|nuke\w*|purge\w*|wipe\w*|destroy\w*|fresh|scratch|erase\w*|drop\w*|remove\w*|rm|uninstall|teardown|delete\w*|prune\w*|hard|reinit\w*|reinstall|volumes?|all|force|obliterate|danger\w*|zap|trash|empty|del|unsafe|kill|redo|init|seed|bootstrap|setup|recreate|rebuild)$/;
/** What a target does to them when it is called so, a chapter only tells of. */
const TOPIC = /^volumes?$/;
const TEST =
  /^(tests?|testing|e2e|integration|spec|ci|smoke|bench\w*|cypress|playwright|coverage|demo|sandbox|tmp|check|verify)$/;
const ROUTINE =
  /^(stop\w*|down|deploy\w*|restart\w*|update\w*|upgrade\w*|release|redeploy\w*|start\w*|up|pull|refresh|shutdown|halt|cron|nightly|backup\w*|migrate\w*|run|serve|publish|rollout|maintenance|prod|production|weekly|daily)$/;

/** By its name alone. */
export const isCleaning = (name: string): boolean => tokens(name).some((token) => CLEANING.test(token));

/** `docker-clean` and `cleanAll` as words. */
const tokens = (text: string): string[] =>
  text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((token) => token !== '');

/** Of files that are run by their names. */
const nameOf = ({ source, kind }: Script): string =>
  // Nobody is there when cron or systemd runs something.
  kind === 'crontab' || kind === 'systemd'
    ? 'cron'
    : kind === 'shell' || kind === 'github'
      ? path.posix.basename(source.path).replace(/\.\w+$/, '')
      : '';

/** What decides by words of its own: an option that was given, the arm of a `case`. */
const choices = ({ conditions }: Command): string[] =>
  conditions
    .filter(({ kind }) => kind === 'if' || kind === 'else' || kind === 'case')
    .map(({ text }) => text.replace(/^(test|\[+)\s/, ''));

export function mannerOf(script: Script, part: ScriptPart, command: Command): Manner {
  const remote = command.within.some(({ kind }) => kind === 'host');
  if (part.ephemeral && !remote) return 'test';
  const own = [part.name ?? '', ...choices(command)];
  const names = [...own, nameOf(script)].flatMap(tokens);
  if (names.some((token) => TEST.test(token))) return 'test';
  if (command.confirmed || part.confirmed) return 'told';
  const heading = script.kind === 'markdown' ? [part.name ?? ''] : [];
  const said = [...heading.filter(isPhrase), part.prose, ...command.comments, ...announced(part, command)];
  if (said.some(saysSo)) return script.kind === 'markdown' || command.comments.some(warns) ? 'told' : 'cleaning';
  const does = (token: string): boolean => CLEANING.test(token) && !(script.kind === 'markdown' && TOPIC.test(token));
  if (names.some(does)) return 'cleaning';
  // A description of how things are stopped is as good as a script that does it.
  return [...own, nameOf(script), ...(script.kind === 'markdown' ? [part.prose] : [])]
    .flatMap(tokens)
    .some((token) => ROUTINE.test(token))
    ? 'routine'
    : 'other';
}

/** A word alone is one of the names below, unless it is of a language that has others. */
const isPhrase = (heading: string): boolean => /\s|[^\p{ASCII}]/u.test(heading);

/** `echo "Removing all volumes"`: what is said right before. */
function announced(part: ScriptPart, command: Command): string[] {
  const at = part.commands.indexOf(command);
  return part.commands
    .slice(Math.max(0, at - 3), at)
    .filter(({ words }) => /^(echo|printf|log\w*|info|warn\w*|print\w*|say)$/.test(words[0].text))
    .map(({ words }) =>
      words
        .slice(1)
        .map(({ text }) => text)
        .join(' '),
    );
}
