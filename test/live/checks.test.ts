import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSettings, readSettingsFile } from '../../server/lint/settings.ts';
import { jsonWay } from '../../server/lint/settings-checks.ts';
import { type Askable, type Check, type CheckResult, runCheck } from '../../server/live/checks.ts';
import { EngineFault } from '../../server/live/fault.ts';
import { type HttpAnswer, type HttpRequest, type Run, Unable } from '../../server/live/probes/probe.ts';
import { memory } from '../lint/memory.ts';
import { answers, askFor, ask as asking } from './probes/asked.ts';

const read = (text: string) =>
  readSettingsFile(memory({ '.compose-persistence.yaml': text }), '/w/.compose-persistence.yaml');

const check = (text: string): Check => {
  const lines = text.split('\n').map((line) => `    ${line}\n`);
  const { settings, problems } = read(`checks:\n  - name: it\n    service: app\n${lines.join('')}`);
  expect(problems).toEqual([]);
  return settings.checks![0]!;
};

describe('in the settings', () => {
  test('all kinds', () => {
    const text = `checks:
  - name: search finds the paper
    service: api
    timeout: 30
    http:
      port: 8000
      path: "/search?q=paper"
      method: POST
      headers: { Authorization: "Bearer \${TOKEN}" }
      body: { top: 3 }
    expect: { status: [200, 203], json: results.length, atLeast: 1 }
  - name: rows
    service: app
    exec: [python, count.py]
    expect: { exitCode: 0, pattern: 'rows: (\\d+)' }
  - name: started clean
    service: app
    log: { pattern: "ERROR", absent: true, lines: 50 }
`;
    const { settings, problems } = read(text);
    expect(problems).toEqual([]);
    expect(settings.checks).toEqual([
      {
        name: 'search finds the paper',
        service: 'api',
        timeout: 30_000,
        what: {
          kind: 'http',
          port: 8000,
          path: '/search?q=paper',
          method: 'POST',
          tls: false,
          headers: { Authorization: 'Bearer ${TOKEN}' },
          body: { top: 3 },
        },
        expect: { absent: false, status: [200, 203], json: ['results', 'length'], atLeast: 1 },
      },
      {
        name: 'rows',
        service: 'app',
        timeout: 10_000,
        what: { kind: 'exec', argv: ['python', 'count.py'] },
        expect: { absent: false, exitCode: 0, pattern: /rows: (\d+)/gm },
      },
      {
        name: 'started clean',
        service: 'app',
        timeout: 10_000,
        what: { kind: 'log', lines: 50 },
        expect: { absent: true, pattern: /ERROR/gm },
      },
    ]);
  });

  test.each<[string, string[]]>([
    ['checks:\n', []],
    ['checks: []\n', []],
    ['checks: {}\n', ['line 1: checks is a list of {name, service, http or exec or log, expect}']],
    ['\n\nchecks: [x]\n', ['line 3: checks[0]: a check is a mapping with name, service and one of http, exec and log']],
    ['checks:\n  - name: a\n    service: b\n', ['line 2: checks[0]: a check has one of http, exec and log']],
    [
      'checks:\n  - name: a\n    service: b\n    exec: [a]\n    log: {pattern: x}\n',
      ['line 2: checks[0]: a check has one of http, exec and log, not exec and log'],
    ],
    [
      'checks:\n  - name: a\n    services: b\n    exec: [a]\n',
      [
        'line 3: checks[0]: there is no key "services"; a check has name, service, timeout, expect, http, exec, log',
        'line 2: checks[0]: service is the name of a service of the Compose file',
      ],
    ],
    [
      'checks:\n  - name: a\n    service: b\n    exec: python count.py\n',
      ['line 4: checks[0]: exec is a list of words, the program first: [sh, -c, "..."]'],
    ],
    [
      'checks:\n  - name: a\n    service: b\n    http:\n      port: "80"\n      path: x\n      method: get\n      tls: 1\n      headers: [a]\n',
      [
        'line 5: checks[0]: port is the number that the service listens at',
        'line 6: checks[0]: path begins with a slash and has no spaces (%20)',
        'line 7: checks[0]: method is one of GET, HEAD, POST, PUT, DELETE',
        'line 8: checks[0]: tls is true or false',
        'line 9: checks[0]: headers is a mapping from names to texts',
      ],
    ],
    [
      'checks:\n  - name: a\n    service: b\n    http: { port: 1, path: / }\n    expect:\n      status: 20\n      json: a..b\n      atLeast: many\n      exitCode: 1\n',
      [
        'line 9: checks[0]: there is no key "exitCode"; its expect has status, json, pattern, absent, atLeast',
        'line 7: checks[0]: json is the way to a value: results, data.items[0].count, or $ for all of it',
        'line 8: checks[0]: atLeast is a number',
        'line 8: checks[0]: atLeast needs json or pattern: where the number is',
        'line 6: checks[0]: status is a number from 100 to 599, or a list of them',
      ],
    ],
    [
      'checks:\n  - name: a\n    service: b\n    log: { pattern: "a(" }\n    timeout: 0\n',
      [
        'line 5: checks[0]: timeout is a whole number of seconds, at most 600',
        'line 4: checks[0]: pattern is no regular expression (Unterminated group)',
      ],
    ],
    ['checks:\n  - name: a\n    service: b\n    log: {}\n', ['line 4: checks[0]: log needs a pattern']],
    [
      'checks:\n  - name: a\n    service: b\n    exec: [a]\n    expect: { absent: true, json: a, pattern: b, atLeast: 1 }\n',
      [
        'line 5: checks[0]: absent and atLeast contradict each other',
        'line 5: checks[0]: either json or pattern says where the number is',
      ],
    ],
    [
      'checks:\n  - { name: a, service: b, exec: [a] }\n  - { name: a, service: c, exec: [a] }\n',
      ['line 3: checks[1]: there are two checks with the name "a"'],
    ],
  ])('%j', (text, expected) => {
    const { problems } = read(text);
    expect(problems.map(({ message }) => message)).toEqual(expected);
    for (const { file } of problems) expect(file).toBe('/w/.compose-persistence.yaml');
  });

  test('the example of the documentation', () => {
    const page = fs.readFileSync(path.join(import.meta.dirname, '../../docs/checks.md'), 'utf8');
    const { settings, problems } = read(/```yaml\n(.*?)```/s.exec(page)![1]!);
    expect(problems).toEqual([]);
    expect(settings.checks?.map(({ what }) => what.kind)).toEqual(['http', 'exec', 'log', 'log']);
    expect(settings.checks?.[1]?.expect.pattern?.source).toBe('rows: (\\d+)');
  });

  test('a faulty one is left out, the others count', () => {
    const text = 'checks:\n  - { name: a }\n  - { name: b, service: c, exec: [d] }\n';
    expect(read(text).settings.checks?.map(({ name }) => name)).toEqual(['b']);
  });

  test('an editor cannot say what is run', () => {
    const overrides = { checks: [{ name: 'a', service: 'b', exec: ['c'] }] };
    const { settings, problems } = readSettings(memory({}), '/w', overrides);
    expect(settings.checks).toEqual([]);
    expect(problems).toEqual([{ message: 'checks are read from .compose-persistence.yaml alone' }]);
  });

  test.each<[string, (string | number)[] | null]>([
    ['$', []],
    ['a', ['a']],
    ['$.a', ['a']],
    ['$[0]', [0]],
    ['a.b-c[12].@d', ['a', 'b-c', 12, '@d']],
    ['a["b.c"].d', ['a', 'b.c', 'd']],
    ['$schema', null],
    ['["$schema"]', ['$schema']],
    ['', null],
    ['.a', null],
    ['a.', null],
    ['a[x]', null],
    ['a[0]b', null],
    ['a b', null],
  ])('the way %j', (text, expected) => {
    expect(jsonWay(text)).toEqual(expected);
  });
});

describe('run', () => {
  interface Given {
    readonly http?: HttpAnswer | Error;
    readonly run?: Partial<Run> | Error;
    readonly log?: string;
  }
  const result = async (text: string, given: Given): Promise<Omit<CheckResult, 'name' | 'service'>> => {
    const give = async <T>(value: T | Error | undefined): Promise<T> => {
      if (value === undefined || value instanceof Error) throw value;
      return value;
    };
    const ask: Askable = {
      http: () => give(given.http),
      attempt: async () => ({ exitCode: 0, stdout: '', stderr: '', ...(await give(given.run)) }),
      logs: () => give(given.log),
    };
    const { name, service, ...rest } = await runCheck(ask, check(text));
    expect({ name, service }).toEqual({ name: 'it', service: 'app' });
    return rest;
  };
  const json = (value: unknown, status = 200): Given => ({
    http: { status, json: value, text: JSON.stringify(value) },
  });
  const HTTP = 'http: { port: 1, path: / }\n';

  test.each<[string, Given, number | null, boolean | null, string]>([
    [HTTP, json({}), null, true, 'it was answered with 200'],
    [HTTP, json({}, 500), null, false, 'it was answered with 500, not 200 to 299'],
    [`${HTTP}expect: { status: 404 }`, json({}, 404), null, true, 'it was answered with 404'],
    [`${HTTP}expect: { status: [200, 201] }`, json({}, 204), null, false, 'it was answered with 204, not 200 or 201'],
    [`${HTTP}expect: { json: a, atLeast: 1 }`, json({ a: [1, 2] }), 2, true, 'it counts 2, at least 1'],
    [`${HTTP}expect: { json: a.length, atLeast: 1 }`, json({ a: [] }), 0, false, 'it counts 0, not at least 1'],
    [`${HTTP}expect: { json: 'a[1].n' }`, json({ a: [0, { n: '7' }] }), 7, true, 'it counts 7'],
    [`${HTTP}expect: { json: $ }`, json([1, 2, 3]), 3, true, 'it counts 3'],
    [`${HTTP}expect: { json: ok }`, json({ ok: true }), null, true, 'there is something at ok'],
    [`${HTTP}expect: { json: ok, atLeast: 1 }`, json({ ok: {} }), null, false, 'ok is neither a number nor a list'],
    [`${HTTP}expect: { json: a.b }`, json({ a: 1 }), null, false, 'there is nothing at a.b in the answer'],
    [`${HTTP}expect: { json: toString }`, json({}), null, false, 'there is nothing at toString in the answer'],
    [
      `${HTTP}expect: { json: a }`,
      { http: { status: 200, text: 'x', json: undefined } },
      null,
      false,
      'the answer is no JSON',
    ],
    [`${HTTP}expect: { pattern: '"id"' }`, json([{ id: 1 }, { id: 2 }]), 2, true, 'it counts 2'],
    [
      HTTP,
      { http: new Unable('port 1 was not reached: nobody listens') },
      null,
      null,
      'port 1 was not reached: nobody listens',
    ],
    ['exec: [count]', { run: { stdout: ' 12\n' } }, 12, true, 'it counts 12'],
    ['exec: [count]', { run: { stdout: 'done\n' } }, null, true, 'it ended with exit code 0'],
    ['exec: [count]', { run: { exitCode: 3, stdout: '12' } }, null, false, 'it ended with exit code 3, not 0'],
    ['exec: [count]\nexpect: { exitCode: 3 }', { run: { exitCode: 3 } }, null, true, 'it ended with exit code 3'],
    ['exec: [count]\nexpect: { atLeast: 13 }', { run: { stdout: '12' } }, 12, false, 'it counts 12, not at least 13'],
    [
      'exec: [count]\nexpect: { atLeast: 1 }',
      { run: { stdout: 'many' } },
      null,
      false,
      'it ended with exit code 0, but said no number',
    ],
    ['exec: [count]\nexpect: { json: n }', { run: { stdout: '{"n":4}\n' } }, 4, true, 'it counts 4'],
    [
      "exec: [count]\nexpect: { pattern: 'rows: ([\\d,]+)' }",
      { run: { stdout: 'rows: 1,234' } },
      1234,
      true,
      'it counts 1234',
    ],
    [
      'exec: [count]',
      { run: new Unable('there is no count in the container') },
      null,
      null,
      'there is no count in the container',
    ],
    ['exec: [count]', { run: new EngineFault('not-allowed', 'It is not allowed.') }, null, null, 'It is not allowed'],
    [
      "log: { pattern: 'loaded (\\d+) vectors' }",
      { log: 'loaded 9 vectors\nloaded 0 vectors\n' },
      0,
      true,
      'it counts 0',
    ],
    [
      "log: { pattern: 'loaded (\\d+) vectors' }\nexpect: { atLeast: 1 }",
      { log: 'loaded 9 vectors\nloaded 0 vectors\n' },
      0,
      false,
      'it counts 0, not at least 1',
    ],
    ["log: { pattern: '^ready$' }", { log: 'a\nready\nb' }, 1, true, 'it counts 1'],
    ["log: { pattern: '^ready$' }", { log: 'not ready' }, 0, false, 'its pattern is not found'],
    ["log: { pattern: 'ERROR', absent: true }", { log: 'fine' }, 0, true, 'its pattern is not found'],
    ["log: { pattern: 'ERROR', absent: true }", { log: 'ERROR ERROR' }, 2, false, 'its pattern is found 2 times'],
  ])('%j: %j', async (text, given, count, passed, reason) => {
    expect(await result(text, given)).toEqual({ count, passed, reason });
  });

  test('an engine that goes away is no answer', async () => {
    const fault = new EngineFault('stopped', 'The engine went away.');
    await expect(result('exec: [count]', { run: fault })).rejects.toBe(fault);
  });

  test('what is sent', async () => {
    const sent: HttpRequest[] = [];
    const ask: Askable = {
      ...askFor('x'),
      http: async (request) => {
        sent.push(request);
        return { status: 200, text: '', json: undefined };
      },
    };
    await runCheck(
      ask,
      check('timeout: 3\nhttp: { port: 80, path: /x, method: PUT, tls: true, headers: { A: b }, body: text }'),
    );
    expect(sent).toEqual([
      { port: 80, path: '/x', method: 'PUT', tls: true, headers: { A: 'b' }, body: 'text', timeout: 3000 },
    ]);
  });

  test('a variable of the container goes into a header, and into no result', async () => {
    const { ask, asked } = await asking('x', 8000, answers({ 'GET /search': { results: [1] } }), {
      environment: { TOKEN: 'correct-horse-battery' },
    });
    const text =
      'http: { port: 8000, path: /search, headers: { Authorization: "Bearer ${TOKEN}" } }\nexpect: { json: results }';
    const told = await runCheck(ask, check(text));
    expect(told).toMatchObject({ count: 1, passed: true });
    expect(asked[0]?.headers.authorization).toBe('Bearer correct-horse-battery');
    const missing = await runCheck(ask, check(text.replace('TOKEN', 'MISSING')));
    expect(missing).toMatchObject({ count: null, passed: null, reason: 'the container has no variable MISSING' });
    expect(JSON.stringify([told, missing])).not.toContain('correct-horse');
  });
});
