import pico from 'picocolors';
import { describe, expect, it } from 'vitest';
import { github } from '../../server/cli/formatters/github.ts';
import { junit } from '../../server/cli/formatters/junit.ts';
import { json } from '../../server/cli/formatters/lint-json.ts';
import { pretty } from '../../server/cli/formatters/pretty.ts';
import { sarif } from '../../server/cli/formatters/sarif.ts';
import type { RuleIdentity } from '../../server/rules/rule.ts';
import { at, BAKED, MISSING, result, source } from './samples.ts';
import { parseXml, type XmlElement } from './xml.ts';

const plain = pretty(pico.createColors(false), 100);

describe('json', () => {
  it('is the contract, to the letter', () => {
    const range = { start: { line: 4, character: 2 }, end: { line: 4, character: 4 } };
    const zero = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    const point = (line: number) => ({ start: { line, character: 0 }, end: { line, character: 0 } });
    expect(JSON.parse(json(result([MISSING, BAKED], [{ file: 'b.yaml', message: 'does not exist' }])))).toStrictEqual({
      schema: 1,
      findings: [
        {
          rule: 'database-copied-into-image',
          severity: 'warning',
          message: 'COPY of database into image',
          file: 'compose.yaml',
          range: { start: { line: 3, character: 11 }, end: { line: 3, character: 16 } },
          related: [],
          fixes: [
            {
              title: 'Leave databases out of the image',
              safety: 'safe',
              edits: [{ file: 'app/.dockerignore', range: zero, newText: '*.sqlite\n' }],
            },
          ],
        },
        {
          rule: 'missing-volume',
          severity: 'error',
          message: MISSING.message,
          file: 'compose.yaml',
          range,
          service: 'db',
          store: { technology: 'postgres', path: '/var/lib/postgresql/data' },
          related: [
            {
              file: 'compose.yaml',
              range: { start: { line: 5, character: 11 }, end: { line: 5, character: 22 } },
              message: 'image postgres:16 keeps its whole cluster in /var/lib/postgresql/data',
            },
          ],
          fixes: [
            {
              title: 'Add the named volume db_data',
              safety: 'migration',
              edits: [
                { file: 'compose.yaml', range: point(6), newText: expect.stringContaining('- db_data:') },
                { file: 'compose.yaml', range: point(1), newText: 'volumes:\n  db_data:\n' },
              ],
            },
          ],
        },
      ],
      errors: [{ file: 'b.yaml', message: 'does not exist' }],
    });
  });

  it('names files beside the working directory with dots, and a shared finding once', () => {
    const other = source('/other/x.yaml', 'a: b\n');
    const finding = { ...BAKED, span: at(other, 'a') };
    const { findings } = JSON.parse(json(result([finding, { ...finding }])));
    expect(findings.map(({ file }: { file: string }) => file)).toEqual(['../other/x.yaml']);
  });
});

describe('pretty', () => {
  it('shows the source, the evidence, the fix and a summary', () => {
    expect(plain(result([MISSING, BAKED]))).toMatchInlineSnapshot(`
      "compose.yaml:4:12 warning database-copied-into-image
        COPY of database into image
         |
       4 |     image: nginx
         |            ^^^^^
         |
         = fix, applied by --fix: Leave databases out of the image
           app/.dockerignore
       1 + *.sqlite

      compose.yaml:5:3 error missing-volume
        no volume for /var/lib/postgresql/data: data is deleted when the container is recreated
          |
        5 |   db:
          |   ^^
          |
          = because: image postgres:16 keeps its whole cluster in /var/lib/postgresql/data (compose.yaml:6:12; image catalogue: docker-library/postgres 16/trixie/Dockerfile)
          = because: the image declares no volume (image catalogue)
          = fix, to be made by hand: Add the named volume db_data
        1 | name: shop
        2 + volumes:
        3 +   db_data:
          ...
        8 |     image: postgres:16
        9 +     volumes:
       10 +       - db_data:/var/lib/postgresql/data
            data that exists already is not carried over by itself:
            1. docker compose stop db
            2. docker cp -a shop-db-1:/var/lib/postgresql/data ./db-copy

      1 error, 1 warning in 1 file; 2 can be fixed (1 with --fix)
      "
    `);
  });

  it('marks ranges behind tabs, wide characters and combining marks', () => {
    const text = source('/w/c.yaml', '\tnäme: "日本" # e\u0301 👍\nx: y\n');
    const mark = (part: string) => {
      const lines = plain(result([{ ...BAKED, span: at(text, part), fixes: () => [] }])).split('\n');
      return lines.slice(3, 5);
    };
    expect(mark('"日本"')).toEqual([' 1 |     näme: "日本" # e\u0301 👍', '   |           ^^^^^^']);
    expect(mark('👍')).toEqual([' 1 |     näme: "日本" # e\u0301 👍', '   |                      ^^']);
  });

  it('marks every line of a range, and leaves out the middle of a long one', () => {
    const text = source('/w/c.yaml', 'a:\n  - one\n  - two\n  - three\n  - four\n  - five\n  - six\nb: c\n');
    const span = { source: text, start: 5, end: text.text.indexOf('b:') };
    const lines = plain(result([{ ...BAKED, span, fixes: () => [] }])).split('\n');
    expect(lines.slice(2, 13)).toEqual([
      '   |',
      ' 2 |   - one',
      '   |   ^^^^^',
      ' 3 |   - two',
      '   |   ^^^^^',
      ' 4 |   - three',
      '   |   ^^^^^^^',
      '   | ...',
      ' 7 |   - six',
      '   |   ^^^^^',
      '   |',
    ]);
  });

  it('cuts a long line around the mark', () => {
    const text = source('/w/c.yaml', `${'x'.repeat(500)} here ${'y'.repeat(500)}\n`);
    const lines = plain(result([{ ...BAKED, span: at(text, 'here'), fixes: () => [] }])).split('\n');
    expect(lines[3]!.length).toBeLessThanOrEqual(100);
    const column = lines[4]!.indexOf('^');
    expect(lines[3]!.slice(column, column + 4)).toBe('here');
    expect(lines[4]!.trimEnd().endsWith('^^^^')).toBe(true);
  });

  it('lets no control character of a file through', () => {
    const text = source('/w/c.yaml', 'a: \u001b[2J\u0007\n');
    const output = plain(result([{ ...BAKED, message: 'x\u001b[31m\ny', span: at(text, 'a'), fixes: () => [] }]));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  it('colours when asked to', () => {
    expect(pretty(pico.createColors(true), 100)(result([MISSING]))).toContain('\u001b[31merror\u001b[39m');
  });

  it('says when there is nothing', () => {
    expect(plain(result([]))).toBe('no findings in 1 file\n');
    expect(plain({ ...result([]), files: [] })).toBe('no Compose files found\n');
  });
});

describe('github', () => {
  it('escapes data and properties as its rules say', () => {
    const text = source('/w/a,b:c%.yaml', 'x: y\n');
    const finding = { ...BAKED, message: '100%\r\nlost: a, b', span: at(text, 'y'), severity: 'hint' as const };
    expect(github(result([finding], [{ file: 'z.yaml', message: 'gone' }]))).toBe(
      '::error file=z.yaml::gone\n' +
        '::notice file=a%2Cb%3Ac%25.yaml,line=1,endLine=1,col=4,endColumn=4,title=database-copied-into-image::100%25%0D%0Alost: a, b\n',
    );
  });

  it('gives columns for one line only', () => {
    const text = source('/w/c.yaml', 'a:\n  b: c\nd: e\n');
    const finding = { ...BAKED, span: { source: text, start: 0, end: 8 } };
    expect(github(result([finding]))).toBe(
      '::warning file=c.yaml,line=1,endLine=2,title=database-copied-into-image::COPY of database into image\n',
    );
  });
});

describe('junit', () => {
  const children = (element: XmlElement, name: string) => element.children.filter((child) => child.name === name);

  it('has a suite for each file and a failure for what fails', () => {
    const root = parseXml(junit('error')(result([MISSING, BAKED], [{ file: 'b.yaml', message: 'does not exist' }])));
    expect(root.name).toBe('testsuites');
    expect(root.attributes).toMatchObject({ tests: '3', failures: '1', errors: '1' });
    const [broken, compose] = children(root, 'testsuite');
    expect(broken?.attributes).toMatchObject({ name: 'b.yaml', tests: '1', errors: '1' });
    expect(compose?.attributes).toMatchObject({ name: 'compose.yaml', tests: '2', failures: '1', errors: '0' });
    const [warning, error] = children(compose!, 'testcase');
    expect(warning?.children[0]?.name).toBe('system-out');
    expect(error?.attributes.name).toBe('missing-volume 5:3');
    expect(error?.children[0]).toMatchObject({
      name: 'failure',
      attributes: { type: 'error', message: MISSING.message },
    });
  });

  it('counts a clean file as a passed test', () => {
    const root = parseXml(junit('warning')(result([])));
    expect(root.attributes).toMatchObject({ tests: '1', failures: '0' });
    expect(root.children[0]?.children[0]).toMatchObject({ name: 'testcase', attributes: { name: 'compose.yaml' } });
  });

  it('escapes whatever a message holds', () => {
    const message = `<b a="1" c='2'> & ]]> \u0000\u001b \ud800 日本\nnext`;
    const root = parseXml(junit('hint')(result([{ ...BAKED, message }])));
    const failure = root.children[0]!.children[0]!.children[0]!;
    expect(failure.attributes.message).toBe(`<b a="1" c='2'> & ]]> \ufffd\ufffd \ufffd 日本\nnext`);
    expect(failure.text).toContain('<b a="1"');
  });
});

describe('sarif', () => {
  const rule: RuleIdentity = {
    name: 'missing-volume',
    severity: 'error',
    summary: 'Data has nowhere to live',
    rationale: 'It goes with the container.',
    bad: 'services: {}\n',
    good: 'services: {}\n',
    fixSafety: 'migration',
    since: '0.1.0',
  };
  const log = JSON.parse(sarif([rule])(result([MISSING, BAKED], [{ file: 'b c.yaml', message: 'does not exist' }])));
  const [run] = log.runs;

  it('describes the tool and its rules', () => {
    expect(log.version).toBe('2.1.0');
    expect(log.$schema).toMatch(/sarif-schema-2\.1\.0\.json$/);
    expect(run.columnKind).toBe('utf16CodeUnits');
    expect(run.tool.driver.name).toBe('compose-persistence');
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual([
      'missing-volume',
      'database-copied-into-image',
    ]);
    expect(run.tool.driver.rules[0]).toMatchObject({
      shortDescription: { text: rule.summary },
      help: { text: expect.stringContaining(rule.rationale), markdown: expect.stringContaining('```yaml') },
      helpUri: expect.stringMatching(/docs\/rules\/missing-volume\.md$/),
      defaultConfiguration: { level: 'error' },
    });
  });

  it('counts lines and columns from one', () => {
    expect(run.results[1]).toMatchObject({
      ruleId: 'missing-volume',
      ruleIndex: 0,
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'compose.yaml' },
            region: { startLine: 5, startColumn: 3, endLine: 5, endColumn: 5 },
          },
        },
      ],
      relatedLocations: [{ id: 1, physicalLocation: { region: { startLine: 6, startColumn: 12 } } }],
    });
    for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
  });

  it('offers fixes with their safety and steps', () => {
    const [fix] = run.results[1].fixes;
    expect(fix.properties).toEqual({ safety: 'migration' });
    expect(fix.description.text).toContain('docker compose stop db');
    expect(fix.artifactChanges).toHaveLength(1);
    expect(fix.artifactChanges[0].replacements[1]).toEqual({
      deletedRegion: { startLine: 2, startColumn: 1, endLine: 2, endColumn: 1 },
      insertedContent: { text: 'volumes:\n  db_data:\n' },
    });
  });

  it('reports what could not be read', () => {
    expect(run.invocations).toEqual([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [
          {
            level: 'error',
            message: { text: 'does not exist' },
            locations: [{ physicalLocation: { artifactLocation: { uri: 'b%20c.yaml' } } }],
          },
        ],
      },
    ]);
  });
});
