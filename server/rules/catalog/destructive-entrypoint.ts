import type { Files } from '../../files.ts';
import { replaceSpan } from '../../fixes/edits.ts';
import { onlyWhen } from '../../fixes/shell-guard.ts';
import type { AnalysedProject, AnalysedService } from '../../stores/model.ts';
import type { Evidence } from '../../survival/words.ts';
import { programWords } from '../../syntax/programs.ts';
import { type Span, textOf } from '../../syntax/source.ts';
import { valueIn } from '../image/assigned.ts';
import { deletedData, destroys } from '../image/destroys.ts';
import { emptiedMount } from '../image/emptied.ts';
import { runsAlways } from '../image/flow.ts';
import { withFunctions } from '../image/functions.ts';
import { type Guard, guardOf } from '../image/guarded.ts';
import { oncePerPlace } from '../image/once.ts';
import { dataBehind, type Thrown, thrownAway } from '../image/resets.ts';
import { doubtfulProbe, dropsByFile } from '../image/sql-files.ts';
import { allStarts, type Start } from '../image/start.ts';
import type { LocatedText } from '../image/texts.ts';
import { asSure } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import type { Finding, Fix, Rule, RuleContext } from '../rule.ts';

type Found = Omit<Finding, 'rule'>;

const EVERY_START = 'at every start of the container: restart, recreate, reboot';

/** What is started, and all that it takes in, share their variables. */
function* inStarts(starts: readonly Start[], analysed: AnalysedService, context: RuleContext): Iterable<Found> {
  const texts = starts.flatMap((start) => ('text' in start && start.text.whole ? [start.text] : []));
  const value = valueIn(texts, analysed);
  for (const start of starts) {
    if (!('text' in start) || !start.text.whole) continue;
    for (const text of withFunctions(start.text)) yield* inText(text, start.kind, analysed, value, context);
  }
}

type Filled = (text: string) => string | null;

function* inText(
  text: LocatedText,
  kind: Start['kind'],
  analysed: AnalysedService,
  value: Filled,
  { analysed: project, files }: RuleContext,
): Iterable<Found> {
  for (const [at, command] of text.commands.entries()) {
    const data = deletedData(command, analysed, text, value);
    const does = data === undefined ? destroys(command) : `deletes ${data}`;
    if (!does) {
      yield* byFile(text, at, analysed, project, files);
      yield* inMount(text, at, analysed, value);
      continue;
    }
    const always = runsAlways(text.commands, at);
    const guard = always ? undefined : guardOf(text, at, analysed);
    if (!always && !guard) continue;
    const span = text.at(command.start, command.end);
    const all = found(analysed, span, nameOf(text, command), does, () =>
      always && kind === 'script' && !command.assigns ? guardFix(span, text) : [],
    );
    yield guard ? behind(all, guard) : all;
  }
}

/** A folder that is mounted, of a program that nobody knows: whether it is missed only its makers can tell. */
function* inMount(text: LocatedText, at: number, analysed: AnalysedService, value: Filled): Iterable<Found> {
  const command = text.commands[at]!;
  if (!runsAlways(text.commands, at)) return;
  const emptied = emptiedMount(text, at, analysed, value);
  // What is filled anew as a whole is the program's own.
  if (!emptied || (emptied.whole && emptied.refilled)) return;
  const { mount, whole, refilled } = emptied;
  const kept = mount.type === 'volume' ? `the volume ${mount.source}` : 'what is mounted there';
  const does = `deletes ${emptied.at}, ${whole ? 'all' : 'a part'} of ${kept},`;
  const span = text.at(command.start, command.end);
  const one = found(analysed, span, nameOf(text, command), does, () => []);
  const because: Evidence = {
    from: 'mount',
    note: `${mount.target} is mounted`,
    span: mount.span,
    confidence: 'primary',
  };
  const message = refilled ? `${one.message}: only what the image brings comes back` : one.message;
  yield { ...one, message, severity: whole && mount.type === 'volume' ? 'warning' : 'info', related: [because] };
}

/** A file of statements that is handed to a database. */
function* byFile(
  text: LocatedText,
  at: number,
  analysed: AnalysedService,
  project: AnalysedProject,
  files: Files,
): Iterable<Found> {
  const command = text.commands[at]!;
  const always = runsAlways(text.commands, at);
  const probe = always ? undefined : doubtfulProbe(text, at);
  const guard = always || probe !== undefined ? undefined : guardOf(text, at, analysed);
  if (!always && probe === undefined && !guard) return;
  const does = dropsByFile(text.commands, at, analysed, files);
  const kept = does === undefined ? 'passing' : dataBehind(analysed, project);
  if (does === undefined || kept === 'passing') return;
  const span = text.at(command.start, command.end);
  const line = textOf(span).replace(/\s+/g, ' ');
  const all = found(analysed, span, line.length > 60 ? `${line.slice(0, 57)}...` : line, does, () => []);
  const related = kept ? relatedOf(kept) : [];
  if (probe !== undefined)
    yield {
      ...all,
      severity: 'info',
      message: `${all.message}, where ${probe} is 0: it is 0, too, where the question failed`,
      related,
    };
  else if (guard) yield behind({ ...all, severity: kept ? 'warning' : 'info' }, guard);
  else yield { ...all, severity: kept ? 'warning' : 'info', related };
}

const nameOf = (text: LocatedText, command: LocatedText['commands'][number]): string => {
  const words = programWords(command.words);
  const written = text.text.slice(words[0]?.start ?? command.start, words.at(-1)?.end ?? command.end);
  const line = written.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
};

function found(analysed: AnalysedService, span: Span, what: string, does: string, fixes: () => Fix[]): Found {
  return {
    severity: 'warning',
    message: `${what} ${does} ${EVERY_START}`,
    span,
    service: analysed.service.name,
    related: [],
    fixes,
  };
}

/** Where it is asked for by a variable; of one that is set elsewhere nobody can tell. */
function behind(one: Found, { holds, variables, related }: Guard): Found {
  if (holds === 'unknown') {
    const names = [...variables.keys()].join(' and ');
    const message = `${one.message}, if ${names} asks for it: what is set is not known here`;
    return { ...one, severity: 'info', message, related };
  }
  const said = [...variables].map(([name, value]) => (value === undefined ? `${name} is not set` : `${name}=${value}`));
  return { ...one, message: `${one.message}, as ${said.join(' and ')}`, related };
}

function guardFix(span: Span, { exact }: LocatedText): Fix[] {
  const edits = exact ? onlyWhen('RESET_DB', span) : null;
  return edits ? [{ title: 'Run it only where RESET_DB is 1', safety: 'safe', edits }] : [];
}

interface Switch {
  readonly variable: RegExp;
  readonly value: RegExp;
  readonly does: string;
  /** The value that leaves the data alone; absent where it depends on more. */
  readonly instead?: string;
  /** Variables of which one must name a database that lasts. */
  readonly database?: RegExp;
}

/** Settings that make a program throw its data away when it starts. */
const SWITCHES: readonly Switch[] = [
  {
    variable: /^(?:(?:OR_)?SETUP_WIPE_CLEAN_INSTALL|OR_SETUP_RUN_ON_RESTART)$/,
    value: /^true$/i,
    does: 'makes OpenRemote wipe its database and set it up anew',
    instead: 'false',
  },
  {
    variable:
      /^(?:SPRING_JPA_HIBERNATE_DDL_?AUTO|SPRING_JPA_PROPERTIES_HIBERNATE_HBM2DDL_AUTO|QUARKUS_HIBERNATE_ORM_DATABASE_GENERATION)$/i,
    value: /^(?:create|create-drop|drop-and-create|drop)$/i,
    does: 'makes Hibernate drop the tables and create them anew',
    database: /^(?:SPRING_(?:R2DBC|DATASOURCE)_URL|JDBC_DATABASE_URL|QUARKUS_DATASOURCE_JDBC_URL)$/i,
  },
];

/** A database that is made anew at every start anyway. */
const IN_MEMORY = /:mem:|:hsqldb:mem|:derby:memory/i;

function* inEnvironment({ service, environment }: AnalysedService): Iterable<Found> {
  for (const [name, { value, evidence }] of environment) {
    const one = SWITCHES.find(({ variable }) => variable.test(name));
    if (!one || value === null || !one.value.test(value) || !evidence.span || evidence.confidence === 'memory')
      continue;
    if (one.database) {
      const urls = [...environment].filter(([other]) => one.database!.test(other)).map(([, { value: url }]) => url);
      if (!urls.some((url) => url !== null && url !== '' && !IN_MEMORY.test(url))) continue;
    }
    const { span } = evidence;
    yield {
      severity: 'warning',
      message: `${name}=${value} ${one.does} ${EVERY_START}`,
      span,
      service: service.name,
      related: [],
      fixes: () => switchFix(span, name, value, one),
    };
  }
}

/** The program itself does it: a warning only where the data is known to outlast the container. */
function ofProgram(analysed: AnalysedService, { span, what, does, kept, unsure = '', related }: Thrown): Found {
  const line = what.length > 60 ? `${what.slice(0, 57)}...` : what;
  return {
    severity: asSure(kept && unsure === '' ? 'warning' : 'info', kept?.store.confidence),
    message: `${line} ${does} ${EVERY_START}${unsure}`,
    span,
    service: analysed.service.name,
    related,
    fixes: () => [],
  };
}

/** Where the value stands once, and last, in what is written. */
function switchFix(span: Span, name: string, value: string, { instead }: Switch): Fix[] {
  const written = textOf(span);
  const at = written.lastIndexOf(value);
  if (instead === undefined || at < 0 || !/^["']?$/.test(written.slice(at + value.length))) return [];
  const start = span.start + at;
  const edits = [replaceSpan({ source: span.source, start, end: start + value.length }, instead)];
  return [{ title: `Set ${name} to ${instead}`, safety: 'safe', edits }];
}

const rule: Rule = {
  name: 'destructive-entrypoint',
  severity: 'warning',
  summary: 'What runs at every start of the container throws data away.',
  rationale:
    'Commands that reset a database belong to a first set-up or to tests. In an entrypoint, a command or a setting they run again at every restart, recreate and reboot, and a volume does not help: the data in it is deleted from inside.',
  bad: 'services:\n  web:\n    image: python:3.12\n    command: sh -c "python manage.py flush --no-input && gunicorn shop.wsgi"\n',
  good: 'services:\n  web:\n    image: python:3.12\n    command: sh -c "python manage.py migrate && gunicorn shop.wsgi"\n',
  fixSafety: 'safe',
  fixNote:
    'In a script the command is put behind a variable that nobody sets by accident. Elsewhere nothing is changed: take the command out, or run it by hand.',
  since: '0.2.0',
  about: 'image',
  *check(context) {
    const { analysed: project, files } = context;
    yield* oncePerPlace(
      project.services.flatMap((analysed) => {
        if (analysed.service.broken) return [];
        const starts = [...allStarts(analysed, files)];
        return [
          ...inStarts(starts, analysed, context),
          ...inEnvironment(analysed),
          ...[...thrownAway(analysed, starts, context)].map((one) => ofProgram(analysed, one)),
        ];
      }),
    );
  },
};

export default rule;
