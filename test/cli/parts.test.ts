import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, UsageError } from '../../server/cli/args.ts';
import { colorsFor } from '../../server/cli/colors.ts';
import { defaultFiles } from '../../server/cli/default-files.ts';
import { diffOf } from '../../server/cli/formatters/diff.ts';
import { goDuration } from '../../server/cli/go-duration.ts';
import { nearest } from '../../server/cli/suggest.ts';
import { widthOf, wrap } from '../../server/cli/text.ts';
import { diskFiles } from '../../server/files.ts';
import { applyEdits } from '../../server/fixes/edits.ts';
import { folder } from './helpers.ts';
import { MIGRATION, source } from './samples.ts';

describe('arguments', () => {
  const OPTIONS = {
    format: { type: 'string', choices: ['json', 'table'], default: 'table' },
    file: { type: 'string', short: 'f', multiple: true },
    fix: { type: 'boolean' },
  } as const;
  const fault = (...argv: string[]): string => {
    try {
      parse(argv, OPTIONS);
      return '';
    } catch (error) {
      expect(error).toBeInstanceOf(UsageError);
      return (error as Error).message;
    }
  };

  it('reads options in every form', () => {
    expect(parse(['a', '-f', '-', '--file=b', '-fc', '--fix', '--format=json', '--', '--fix'], OPTIONS)).toEqual({
      values: { format: 'json', file: ['-', 'b', 'c'], fix: true },
      positionals: ['a', '--fix'],
    });
    expect(parse([], OPTIONS).values).toEqual({ format: 'table', file: [], fix: false });
  });

  it('names what is wrong', () => {
    expect(fault('--formt', 'json')).toBe('unknown option --formt (did you mean --format?)');
    expect(fault('--constructor')).toBe('unknown option --constructor');
    expect(fault('-x')).toBe('unknown option -x');
    expect(fault('--format', 'jsn')).toBe('--format jsn: expected one of json, table (did you mean json?)');
    expect(fault('--format')).toBe('--format needs a value');
    expect(fault('--file', '--fix')).toBe('--file needs a value');
    expect(fault('--fix=yes')).toBe('--fix takes no value');
  });
});

describe('colours', () => {
  const colours = (env: Record<string, string>, isTTY = false): boolean => colorsFor({ env, isTTY }).isColorSupported;

  it('follow the terminal, FORCE_COLOR and above all NO_COLOR', () => {
    expect(colours({})).toBe(false);
    expect(colours({}, true)).toBe(true);
    expect(colours({ TERM: 'dumb' }, true)).toBe(false);
    expect(colours({ FORCE_COLOR: '1' })).toBe(true);
    expect(colours({ FORCE_COLOR: '0' }, true)).toBe(false);
    expect(colours({ NO_COLOR: '1', FORCE_COLOR: '1' }, true)).toBe(false);
    expect(colours({ NO_COLOR: '' }, true)).toBe(true);
  });
});

describe('text', () => {
  it('knows its width', () => {
    expect(widthOf('日本 é e\u0301 👍')).toBe(4 + 1 + 1 + 1 + 1 + 1 + 2);
  });

  it('wraps at spaces only', () => {
    expect(wrap('aaa bbb ccccccccc d', 7)).toEqual(['aaa bbb', 'ccccccccc', 'd']);
  });

  it('suggests what is near and nothing else', () => {
    expect(nearest('missing-volum', ['missing-volume', 'anonymous-volume'])).toBe('missing-volume');
    expect(nearest('zzz', ['missing-volume'])).toBeUndefined();
  });
});

describe('durations', () => {
  it.each([
    ['90s', '1m30s'],
    ['1m', '1m0s'],
    ['1h', '1h0m0s'],
    ['1.5s', '1.5s'],
    ['100ms', '100ms'],
    ['0s', '0s'],
    ['1h1m1s', '1h1m1s'],
    [`\${GRACE}`, `\${GRACE}`],
    ['10', '10'],
  ])('%s is %s', (text, expected) => {
    expect(goDuration(text)).toBe(expected);
  });
});

describe('the diff of a fix', () => {
  it('numbers lines as they will be', () => {
    const lines = diffOf(MIGRATION)[0]!.hunks.map((hunk) => hunk.map(({ kind, number }) => `${kind} ${number}`));
    expect(lines).toEqual([
      ['same 1', 'added 2', 'added 3'],
      ['same 8', 'added 9', 'added 10'],
    ]);
  });

  it('carried out on the old lines gives the new ones', () => {
    const text = fc.array(fc.constantFrom('a', 'b', '\n'), { maxLength: 30 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.array(fc.tuple(fc.nat(30), fc.nat(3), text), { maxLength: 3 }), (before, drafts) => {
        const from = source('/w/x', before);
        let free = 0;
        const edits = drafts
          .sort((a, b) => a[0] - b[0])
          .flatMap(([at, length, newText]) => {
            const start = Math.min(at, before.length);
            const end = Math.min(start + length, before.length);
            if (start < free) return [];
            free = end + 1;
            return [{ source: from, start, end, newText }];
          });
        if (edits.length === 0) return;
        const after = applyEdits(before, edits).split('\n');
        const old = before.split('\n');
        for (const hunk of diffOf({ title: '', safety: 'safe', edits })[0]!.hunks) {
          for (const { kind, number, text: line } of hunk)
            expect((kind === 'removed' ? old : after)[number - 1]).toBe(line);
        }
        const sizes = diffOf({ title: '', safety: 'safe', edits })[0]!.hunks.flat();
        const grown =
          sizes.filter(({ kind }) => kind === 'added').length - sizes.filter(({ kind }) => kind === 'removed').length;
        const count = (lines: string[]): number => lines.length - (lines.at(-1) === '' ? 1 : 0);
        expect(grown).toBe(count(after) - count(old));
      }),
      { numRuns: 300 },
    );
  });
});

describe('the files of Compose', () => {
  const chosen = (files: string[], below = '', env: Record<string, string> = {}): string[] => {
    const root = folder(Object.fromEntries(files.map((file) => [file, 'services: {}\n'])));
    return defaultFiles(diskFiles(), `${root}${below}`, env).map((file) => file.slice(root.length + 1));
  };

  it('are the first base and the first override, here or further up', () => {
    expect(chosen(['docker-compose.yml', 'compose.yml', 'docker-compose.override.yml'])).toEqual([
      'compose.yml',
      'docker-compose.override.yml',
    ]);
    expect(chosen(['compose.yaml', 'sub/x'], '/sub')).toEqual(['compose.yaml']);
  });

  it('are those of COMPOSE_FILE', () => {
    expect(chosen(['compose.yaml'], '', { COMPOSE_FILE: 'b.yaml;c.yaml', COMPOSE_PATH_SEPARATOR: ';' })).toEqual([
      'b.yaml',
      'c.yaml',
    ]);
  });
});
