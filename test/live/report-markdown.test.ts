import { describe, expect, test } from 'vitest';
import { verifyMarkdown, verifySummary } from '../../server/live/report-markdown.ts';
import type { StoreReport, VerifyReport } from '../../server/protocol.ts';

const KEPT = {
  restart: 'kept',
  recreate: 'kept',
  down: 'kept',
  'down-volumes': 'lost',
  reboot: 'kept',
  crash: 'kept',
} as const;
const GONE = { ...KEPT, recreate: 'lost', down: 'lost' } as const;

const store = (more: Partial<StoreReport> = {}): StoreReport => ({
  service: 'db',
  container: 'shop-db-1',
  state: 'running',
  store: { technology: 'postgres', title: 'PostgreSQL', path: '/var/lib/data', kind: 'essential', optional: false },
  predicted: { backing: { type: 'named-volume', source: 'db', target: '/var/lib/data' }, fate: KEPT },
  observed: {
    backing: { type: 'named-volume', source: 'shop_db', size: 35_000_000, created: '2026-11-21T10:00:00Z' },
    fate: KEPT,
  },
  told: null,
  events: [],
  agrees: true,
  verdict: 'SAFE',
  reason: 'It is in the volume shop_db',
  evidence: ['shop-db-1 is running, told by labels'],
  ...more,
});

const report = (more: Partial<VerifyReport> = {}): VerifyReport => ({
  schema: 1,
  level: 'inspect',
  engine: {
    name: 'Docker',
    version: '26.1.5',
    apiVersion: '1.45',
    operatingSystem: 'Debian GNU/Linux 12 (bookworm)',
    endpoint: 'unix:///var/run/docker.sock',
    reason: 'the default socket',
    disk: { free: 72_000_000_000, total: 100_000_000_000 },
  },
  project: { name: 'shop', files: ['compose.yaml'] },
  results: [store()],
  checks: [],
  notes: [],
  findings: [],
  errors: [],
  ...more,
});

describe('the report as Markdown', () => {
  test('says where it looked, what was predicted and what is there', () => {
    expect(verifyMarkdown(report())).toBe(`# Persistence of shop

**1 SAFE of 1 store**

- Files: \`compose.yaml\`
- Engine: Docker 26.1.5 on Debian GNU/Linux 12 \\(bookworm\\) at \`unix:///var/run/docker.sock\`, chosen by the default socket; 72 GB free
- Level \`inspect\`: a look from outside; nothing is run in a container

## SAFE: db, PostgreSQL

\`/var/lib/data\`, container \`shop-db-1\`, running

It is in the volume shop\\_db.

|  | held by | restart | recreate | down | down -v | reboot |
| --- | --- | --- | --- | --- | --- | --- |
| predicted | the volume db | kept | kept | kept | **lost** | kept |
| observed | the volume shop\\_db, 35 MB, made 2026-11-21 | kept | kept | kept | **lost** | kept |

What was looked at:

- shop-db-1 is running, told by labels
`);
  });

  test('the worst comes first, and several stores are listed before', () => {
    const observed = { backing: { type: 'writable-layer', size: null, created: null }, fate: GONE };
    const lost = store({ service: 'app', verdict: 'NOT PERSISTED', reason: 'It is lost', agrees: false, observed });
    const text = verifyMarkdown(report({ results: [store(), lost] }));
    expect(text).toContain('| verdict | service | data | path | held by |');
    expect(text).toContain('| NOT PERSISTED | app | PostgreSQL | `/var/lib/data` | the writable layer |');
    expect(text).toContain(
      '| observed, **differs** | the writable layer | kept | **lost** | **lost** | **lost** | kept |',
    );
    expect(text.indexOf('## NOT PERSISTED: app')).toBeLessThan(text.indexOf('## SAFE: db'));
  });

  test('what the server told is in it', () => {
    const told = {
      writesTo: ['/var/lib/data'],
      fingerprint: 'f',
      empty: false,
      count: 12,
      contents: '12 keys',
      weaknesses: [{ setting: 'fsync off', message: 'a power loss may break it', weight: 'risk' }],
      evidence: ['asked with psql'],
    } as const;
    const evidence = ['shop-db-1 is running, told by labels', 'It has 12 keys', 'fsync off: a power loss may break it'];
    expect(verifyMarkdown(report({ results: [store({ told, evidence })] }))).toContain(`What the server said:

- It says that it writes to /var/lib/data
- It has 12 keys
- asked with psql
- fsync off: a power loss may break it

What was looked at:

- shop-db-1 is running, told by labels
`);
  });

  test('findings that a store has not said already, and what could not be looked at', () => {
    const findings = [
      { rule: 'data-on-tmpfs', severity: 'error', message: 'data: It is in the volume shop_db', service: 'db' },
      { rule: 'low-disk-space', severity: 'warning', message: 'Little is left' },
    ] as const;
    const text = verifyMarkdown(report({ findings, errors: [{ service: 'app', message: 'No answer' }] }));
    expect(text).not.toContain('data-on-tmpfs');
    expect(text).toContain('## Also found\n\n- **warning** `low-disk-space` Little is left\n');
    expect(text).toContain('## Could not be looked at\n\n- `app`: No answer\n');
  });

  test('checks of their own', () => {
    const one = { name: 'baskets', service: 'db', count: 3, passed: true, reason: 'It found 3' };
    const checks = [one, { ...one, name: 'users', count: null, passed: false, reason: 'It found none' }];
    expect(verifyMarkdown(report({ checks }))).toContain(
      '## Your own checks\n\n- passed: baskets (db). It found 3\n- **failed**: users (db). It found none\n',
    );
  });

  test('without an engine it says why', () => {
    const text = verifyMarkdown(report({ engine: null, results: [], errors: [{ code: 'x', message: 'No engine' }] }));
    expect(text).toContain('**Nothing could be verified**');
    expect(text).toContain('## Why\n\n- No engine\n');
  });

  test.each([
    '<img src=x onerror=alert(1)>',
    '[a](command:x)',
    '`|`',
    '# *a* _b_ $x$ ![i](u)',
    '- a',
    '1. a',
    '| a |\n| - |',
  ])('what others wrote is no markup: %j', (text) => {
    const nasty = store({ service: text, container: text, reason: text, evidence: [text] });
    const written = verifyMarkdown(
      report({ project: { name: text, files: [text] }, results: [nasty, nasty], errors: [{ message: text }] }),
    );
    // Outside code spans nothing is left that has not its backslash before it.
    const outside = written.replace(/(?<!\\)`[^`\n]*`/g, '').split('\n');
    for (const line of outside) {
      expect(line).not.toMatch(/(?<!\\)[<[$]|(?<!\\)!\[|onerror(?!=alert\\\()/);
      expect(line).not.toMatch(/^- - |^- \d+\. /);
    }
    expect(outside.filter((line) => /^\|/.test(line)).every((line) => /(?<!\\)\|$/.test(line))).toBe(true);
    expect(written.split('\n').some((line) => line === '| a |')).toBe(false);
  });

  test('the sum of it', () => {
    const results = [store(), store(), store({ verdict: 'NOT PERSISTED' }), store({ verdict: 'SAFE' })];
    expect(verifySummary(report({ results }))).toBe('1 NOT PERSISTED, 3 SAFE of 4 stores');
    expect(verifySummary(report({ results: [] }))).toBe('No service keeps data that we know of');
    expect(verifySummary(report({ engine: null, results: [] }))).toBe('Nothing could be verified');
  });
});
