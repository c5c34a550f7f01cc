/** `docker kill` and `docker compose kill` where a stop is meant. */
import type { Command, Script, ScriptPart, Word } from '../../scripts/model.ts';
import type { AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { textOf } from '../../syntax/source.ts';
import { asSure } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import type { Finding, Fix, RuleContext } from '../rule.ts';
import { aboutOf, type Call, callOf, serviceNamed, valuesOf } from './about.ts';
import { mannerOf } from './manner.ts';
import { before, isStopped } from './stopped.ts';

/** @param keptIn what of a service lasts and is written to as it is killed */
export function* kills(
  context: RuleContext,
  keptIn: (service: AnalysedService) => AnalysedStore | undefined,
): Iterable<Omit<Finding, 'rule'>> {
  const { script, analysed } = context;
  for (const part of script?.parts ?? []) {
    for (const command of part.commands) {
      const call = callOf(command);
      if (!script || call?.verb !== 'kill' || !isKill(call)) continue;
      if (call.compose && aboutOf(call, command, script, analysed) !== 'this') continue;
      const [analysedService, one] = targets(call, context, keptIn)[0] ?? [];
      if (!analysedService || !one || isExpected(script, part, command, analysedService, context)) continue;
      const manner = mannerOf(script, part, command);
      if (manner === 'test' || manner === 'told') continue;
      yield {
        severity: asSure(manner === 'cleaning' ? 'info' : 'warning', one.store.confidence),
        message: `${call.program} kill ends ${one.store.title} at once, without a chance to write what it holds (${one.store.path}); ${call.program} stop asks it to end and waits`,
        span: command.span,
        service: analysedService.service.name,
        store: one.store,
        related: relatedOf(one),
        fixes: () => stopInstead(command, call),
      };
    }
  }
}

/** Other signals are messages: `-s HUP` has a program read its settings again. */
const isKill = ({ args }: Call): boolean =>
  valuesOf(args, ['-s', '--signal']).every(({ text, told }) => told && /^(SIG)?(KILL|9)$/i.test(text)) &&
  !args.some(({ text }) => /^-s./.test(text));

function targets(
  { args, compose }: Call,
  { analysed }: RuleContext,
  keptIn: (service: AnalysedService) => AnalysedStore | undefined,
): [AnalysedService, AnalysedStore][] {
  const names = args.filter(({ text }, i) => !text.startsWith('-') && !/^(-s|--signal)$/.test(args[i - 1]?.text ?? ''));
  const everything = names.length === 0 ? compose : names.some(isList);
  const chosen = everything ? analysed.services : names.flatMap((name) => serviceNamed(name, analysed) ?? []);
  return chosen.flatMap((service) => {
    const one = keptIn(service);
    return one ? [[service, one] as [AnalysedService, AnalysedStore]] : [];
  });
}

/** `$(docker ps -q)`: all that run. */
const isList = ({ span }: Word): boolean => /\bps\s+(-a?q|--quiet)\b[^|]*[)`]?$/.test(textOf(span));

/** What did not stop in time is killed: that is what it is for. */
function isExpected(
  script: Script,
  part: ScriptPart,
  command: Command,
  service: AnalysedService,
  { analysed }: RuleContext,
): boolean {
  // What is left of the last time, behind ExecStop or after a crash.
  if (script.kind === 'systemd' && part.name === 'ExecStartPre') return true;
  if (command.conditions.some(({ kind, text }) => kind === 'or' && /\b(stop|down)\b/.test(text))) return true;
  return isStopped(before(script, part, command), service, analysed);
}

function stopInstead({ words }: Command, { verb, args }: Call): Fix[] {
  const word = words.find(({ text, span }) => text === verb && textOf(span) === verb);
  if (!word || args.some(({ text }) => text.startsWith('-'))) return [];
  const { source, start, end } = word.span;
  return [{ title: 'Stop it instead', safety: 'safe', edits: [{ source, start, end, newText: 'stop' }] }];
}
