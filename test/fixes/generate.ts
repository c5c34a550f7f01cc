/** Compose files in random styles. */
import fc from 'fast-check';

type Pick = <T>(...of: T[]) => T;

interface Style {
  readonly pick: Pick;
  readonly step: number;
  /** How far lists stand to the right of their key. */
  readonly listOffset: number;
  readonly dash: string;
}

/** A value as lines: the first one follows `key:` (or the dash) on its line, the others are relative to the key. */
interface Value {
  readonly head: string;
  readonly lines: readonly string[];
}

/** Every choice is a number, so that shrinking takes the first of each. */
export const composeFile: fc.Arbitrary<string> = fc
  .array(fc.nat({ max: 119 }), { minLength: 120, maxLength: 120 })
  .map((choices) => render(choices));

function render(choices: readonly number[]): string {
  let next = 0;
  const pick: Pick = (...of) => of[(choices[next++] ?? 0) % of.length]!;
  const step = pick(2, 2, 4, 3);
  const style: Style = { pick, step, listOffset: pick(0, step, step, 2), dash: pick('- ', '- ', '- ', '-   ') };
  const sections = [services(style), volumes(style), extras(style)];
  if (pick(true, false)) sections.reverse();
  const body = [...header(style), ...sections.flat()];
  const lines = [...body, ...copies(style, body), ...footer(style)];
  const eol = pick('\n', '\n', '\r\n');
  const ended = lines.at(-1) === '...' || pick(true, true, false);
  return lines.join(eol) + (ended ? eol + pick('', '', eol, eol + eol) : '');
}

function header({ pick }: Style): string[] {
  const start = pick([], [], ['---'], ['%YAML 1.2', '---'], ['# a header', ''], ['']);
  const common = [
    'x-common: &common',
    '  restart: always # by all',
    '',
    'x-unused: &unused [1, 2]',
    'x-shared: &shared',
    '- s:/s',
  ];
  return [...start, ...pick([], ["version: '3'"]), ...common, ...pick([], [''])];
}

/** Aliases of what stands above: an edit there would show here too. */
function copies({ pick }: Style, lines: readonly string[]): string[] {
  const anchors = ['here', 'list', 'first'].filter((name) => lines.some((line) => line.includes(`&${name}`)));
  return anchors.flatMap((name) => pick([], [], [], [`x-of-${name}: *${name}`]));
}

const footer = ({ pick }: Style): string[] =>
  pick([], [], [], ['# the end'], ['', '# the end'], ['...'], ['# the end', '...'], ['...', '# behind']);

const indent = (lines: readonly string[], by: number): string[] =>
  lines.map((line) => (line === '' ? '' : ' '.repeat(by) + line));

const comment = ({ pick }: Style): string => pick('', '', ' # why: it is', '   #x');

function entry(style: Style, key: string, { head, lines }: Value): string[] {
  const above = style.pick([], [], [], ['# above'], ['', '# above'], ['']);
  const block = /^ [|>]/.test(head);
  return [...above, `${key}:${head}${block ? '' : comment(style)}`, ...lines];
}

function services(style: Style): string[] {
  const { pick, step } = style;
  const names = pick(['db'], ['db', 'web'], ['web', 'db'], ['web', 'db', 'cache.1']);
  if (names.length === 1 && pick(true, false, false, false)) return ['services: {db: {image: redis}}'];
  const lines = names.flatMap((name) => entry(style, pick(name, name, `"${name}"`), service(style)));
  return entry(style, 'services', { head: '', lines: indent(lines, step) });
}

function service(style: Style): Value {
  const { pick, step } = style;
  if (pick(false, false, false, false, true)) return { head: ` ${flowService(style)}`, lines: [] };
  const keys: [string, Value][] = [['image', scalar(style)]];
  if (pick(true, false)) keys.push(['<<', { head: pick(' *common', ' [*common]', ' {tmpfs: [/m]}'), lines: [] }]);
  if (pick(true, false)) keys.push(['volumes', list(style)]);
  if (pick(true, false)) keys.push(['environment', environment(style)]);
  if (pick(true, false)) keys.push(['command', command(style)]);
  if (pick(true, false)) keys.push(['ports', list(style)]);
  const turned = pick(0, 1, 2) % keys.length;
  const ordered = [...keys.slice(turned), ...keys.slice(0, turned)];
  const lines = ordered.flatMap(([key, value]) => entry(style, key, value));
  const tail = pick([], [], [], ['# left out: 1'], ['', '# left out: 1']);
  return { head: pick('', '', ' &here'), lines: indent([...lines, ...tail], step) };
}

const flowService = ({ pick }: Style): string =>
  pick(
    '{}',
    '{image: redis}',
    '{ image: redis, volumes: [ a:/a ] }',
    "{image: 'redis', volumes: []}",
    '{"image":"redis","volumes":["a:/a","b:/b"]}',
    '{image: redis, volumes: }',
    '{image: redis, volumes: null, init: true,}',
    '{image: }',
  );

const scalar = ({ pick }: Style): Value => ({
  head: pick(' redis', ' "redis:7"', " 'it''s'", ' redis:7-alpine', ` \${IMAGE:-redis}`, ''),
  lines: [],
});

function list(style: Style): Value {
  const { pick, step, listOffset, dash } = style;
  const quote = pick('', '', '"', "'");
  const item = (text: string): string => `${quote}${text}${quote}`;
  const flow = pick(0, 0, 0, 0, 1, 2, 3, 4);
  if (flow === 1) return { head: pick(' []', ' [ ]', ' ~', ' null', ' *shared'), lines: [] };
  if (flow === 2)
    return { head: ` [${item('a:/a')}${pick(', ', ',')}${item('b:/b')}${pick('', ',', ' ')}]`, lines: [] };
  if (flow === 3) {
    const lines = [`${item('a:/a')}, # one`, `${item('b:/b')}${pick('', ',', ' # two', ', # two')}`];
    return { head: ' [', lines: [...indent(lines, step), `${' '.repeat(pick(1, step))}]`] };
  }
  if (flow === 4)
    return {
      head: '',
      lines: pick(
        [],
        ['# - none:/x'].map((line) => ' '.repeat(step) + line),
      ),
    };
  const long = ['type: volume', 'source: a', `target: /l # of the item`];
  const items = [
    pick(
      [`${dash}${item('a:/a')}`],
      [`${dash}&first ${item('a:/a')}`],
      [`${dash}${long[0]}`, ...indent(long.slice(1), dash.length)],
    ),
    ...pick([], [[`${dash}${item('b:/b')}${comment(style)}`]], [[`${dash}${item('b:/b')}`, '# below']]),
  ];
  return { head: pick('', '', '', ' &list'), lines: indent(items.flat(), listOffset) };
}

function environment(style: Style): Value {
  const { pick, step } = style;
  if (pick(true, false)) return { head: pick(' {A: b}', ' { A: b, C: }'), lines: [] };
  return { head: '', lines: indent(pick(['A: b'], ['A: b', '# C: d', 'E:'], ['A: |', '  x', '  # no comment']), step) };
}

const command = ({ pick, step }: Style): Value => ({
  head: pick(' |', ' >', ' |-', ' >-', ' |+'),
  lines: indent(pick(['run'], ['run', '# not a comment: x'], ['run', '', '- no list'], ['run', '']), step),
});

function volumes(style: Style): string[] {
  const { pick, step } = style;
  const body = pick<Value | null>(
    null,
    { head: '', lines: [] },
    { head: ' {}', lines: [] },
    { head: ' { a: {}, b: }', lines: [] },
    { head: ' ~', lines: [] },
    { head: '', lines: indent(['a:', 'b: {}', '# c:'], step) },
    { head: '', lines: indent(['a:', ...indent(['name: x # n'], step)], step) },
  );
  return body ? ['', ...entry(style, 'volumes', body)] : [];
}

const extras = ({ pick }: Style): string[] =>
  pick([], [], ['networks:', '  default: {}'], ['', '# texts', 'x-text: |+', '  a', ''], ['x-list:', '- 1', '- 2']);
