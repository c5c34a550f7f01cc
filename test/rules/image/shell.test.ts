import { describe, expect, test } from 'vitest';
import { runsAlways } from '../../../server/rules/image/flow.ts';
import { commandLine } from '../../../server/syntax/programs.ts';
import { readShell } from '../../../server/syntax/shell.ts';

/** Each command as it is written, with what it stands in and what joins it to the next. */
const read = (text: string): string[] =>
  readShell(text).commands.map(({ start, end, within, after }) =>
    [...within, text.slice(start, end), after].join(' ~ '),
  );

const TEXTS: readonly (readonly [name: string, text: string, commands: readonly string[]])[] = [
  ['joints', 'a && b || c | d; e &', ['a ~ &&', 'b ~ ||', 'c ~ |', 'd ~ ;', 'e ~ &']],
  ['continuations and comments', 'a \\\n  -b # c\n# d\ne', ['a \\\n  -b ~ ;', 'e ~ end']],
  ['a condition', 'if [ -f x ]; then a; else b; fi; c', ['if ~ [ -f x ] ~ ;', 'if ~ a ~ ;', 'if ~ b ~ ;', 'c ~ end']],
  ['loops', 'for i in 1 2; do a $i; done\nwhile b; do c; done', ['loop ~ a $i ~ ;', 'loop ~ b ~ ;', 'loop ~ c ~ ;']],
  ['a case', 'case "$1" in a|b) x ;; (*) exec y;; esac\nz', ['case ~ x ~ ;', 'case ~ exec y ~ ;', 'z ~ end']],
  ['functions', 'f() { a; }\nfunction g {\n b\n}\nf', ['function ~ a ~ ;', 'function ~ b ~ ;', 'f ~ end']],
  ['groups and subshells', '(a; b); { c; }', ['subshell ~ a ~ ;', 'subshell ~ b ~ end', 'group ~ c ~ ;']],
  [
    'quotes and expansions are one word',
    `a "x; $(b; c)" 'd; e' \${f:-g; h} \`i; j\``,
    [`a "x; $(b; c)" 'd; e' \${f:-g; h} \`i; j\` ~ end`],
  ],
  ['redirections', 'a > x 2>&1 &> y', ['a > x 2>&1 &> y ~ end']],
  ['here-documents', "a <<'E' | b\nrm -rf /\nE\nc", ["a <<'E' ~ |", 'b ~ ;', 'c ~ end']],
  ['assignments in front', 'A=1 B="2 3" a b', ['a b ~ end']],
];

describe('commands', () => {
  for (const [name, text, commands] of TEXTS) {
    test(name, () => {
      expect(readShell(text).whole).toBe(true);
      expect(read(text)).toEqual(commands);
    });
  }
  test('the body of a here-document belongs to its command', () => {
    expect(readShell('psql <<-SQL\n\tdrop;\n\tSQL\n').commands[0]?.redirections[0]?.body).toBe('\tdrop;');
  });
  for (const text of ['a "b', "a 'b", 'if a; then b', 'a $(b', 'a <<E\nb', 'fi', '(a', 'a )']) {
    test(`not whole: ${JSON.stringify(text)}`, () => expect(readShell(text).whole).toBe(false));
  }
});

describe('runs always', () => {
  const always = (text: string): string[] => {
    const { commands } = readShell(text);
    return commands.flatMap((command, at) => (runsAlways(commands, at) ? text.slice(command.start, command.end) : []));
  };
  test('a list, and what stands behind a way out for failures', () => {
    expect(always('cd /app || exit 1\na && b; { c; }')).toEqual(['cd /app', 'a', 'b', 'c']);
  });
  test('nothing under a condition', () => {
    expect(always('[ -f x ] && a\nif b; then c; fi\nd || e')).toEqual(['[ -f x ]', 'd']);
  });
  test('nothing behind a way out', () => {
    expect(always('if a; then exec b; fi\nc')).toEqual([]);
    expect(always('[ -f x ] && exit 0\nc')).toEqual(['[ -f x ]']);
  });
});

test('the program behind those that start it', () => {
  const line = (text: string): string => commandLine(readShell(text).commands[0]!.words);
  expect(line('exec gosu app env A=1 /usr/bin/python3.12 ./manage.py flush')).toBe('python manage.py flush');
  expect(line('poetry run python -m alembic upgrade head')).toBe('alembic upgrade head');
  expect(line('bundle exec rake db:drop')).toBe('rake db:drop');
  expect(line('pnpm exec prisma migrate reset')).toBe('prisma migrate reset');
  expect(line('npx --yes prisma db push')).toBe('prisma db push');
  expect(line('bundle install')).toBe('bundle install');
});
