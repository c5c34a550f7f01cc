import { describe, expect, it } from 'vitest';
import { RULES } from '../../server/generated/rules.ts';
import { cli, folder } from './helpers.ts';

const SHOP = `name: shop
services:
  db:
    image: mariadb:11
    volumes:
      - db_data:/var/lib/mysql
  web:
    image: nginx
volumes:
  db_data:
`;

describe('report', () => {
  const report = async (format: string) => cli(folder({ 'compose.yaml': SHOP }), ['report', '--format', format]);

  it('is the contract, as JSON', async () => {
    const { code, out } = await report('json');
    expect(code).toBe(0);
    const { schema, projects, ...rest } = JSON.parse(out);
    expect({ schema, rest }).toEqual({ schema: 1, rest: {} });
    const [{ services, ...project }] = projects;
    expect(project).toEqual({ name: 'shop', files: ['compose.yaml'] });
    expect(services[1]).toMatchObject({ name: 'web', image: 'nginx' });
    const { evidence, ...store } = services[0].stores[0];
    expect(store).toStrictEqual({
      technology: 'mariadb',
      path: '/var/lib/mysql',
      kind: 'essential',
      backing: { type: 'named-volume', source: 'db_data', target: '/var/lib/mysql' },
      fate: { restart: 'kept', recreate: 'kept', down: 'kept', 'down-volumes': 'lost', reboot: 'kept' },
    });
    expect(evidence[0]).toEqual({
      from: 'image',
      file: 'compose.yaml',
      range: { start: { line: 3, character: 11 }, end: { line: 3, character: 21 } },
      note: expect.any(String),
    });
  });

  it('calls no folder essential that most people do not use', async () => {
    const text =
      'services:\n  films:\n    image: lscr.io/linuxserver/radarr:5.20.2\n    volumes:\n      - config:/config\nvolumes:\n  config:\n';
    const { out } = await cli(folder({ 'compose.yaml': text }), ['report']);
    expect(out).toMatch(/^films +LinuxServer Radarr +\/config +essential +volume config +kept/m);
    expect(out).toMatch(/^ +LinuxServer Radarr +\/movies +optional +writable layer +kept +lost/m);
  });

  it('is a table by default', async () => {
    const { out } = await report('table');
    expect(out).toMatch(/^shop \(compose\.yaml\)\n\nservice +data /);
    expect(out).toMatch(/^db +MariaDB +\/var\/lib\/mysql +essential +volume db_data +kept +kept +kept +lost +kept$/m);
  });

  it('is Markdown', async () => {
    const { out } = await report('markdown');
    expect(out).toContain('## shop');
    expect(out).toContain(
      '| db | MariaDB | `/var/lib/mysql` | essential | volume db\\_data | kept | kept | kept | **lost** | kept |',
    );
  });

  it('is one page of HTML, with everything escaped', async () => {
    const cwd = folder({ 'compose.yaml': SHOP.replace('  web:', '  "<script>":') });
    const { out } = await cli(cwd, ['report', '--format', 'html']);
    expect(out).toMatch(/^<!doctype html>/);
    expect(out).toContain('<td class="lost">lost</td>');
    expect(out).toContain('prefers-color-scheme: dark');
    expect(out).toContain('&lt;script&gt;');
    expect(out).not.toMatch(/<script|src=|href=/);
  });

  it('tells what it could not read, and exits with 2 when it was asked for', async () => {
    const { code, out } = await cli(folder({ 'compose.yaml': SHOP }), ['report', '--format', 'json', '.', 'gone']);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      projects: [{ name: 'shop' }],
      errors: [{ file: 'gone', message: 'does not exist' }],
    });
  });
});

describe('rules', () => {
  it('are listed', async () => {
    const { code, out } = await cli(folder(), ['rules']);
    expect(code).toBe(0);
    for (const { name } of RULES) expect(out).toMatch(new RegExp(`^${name} `, 'm'));
  });

  it('are listed as JSON', async () => {
    const { out } = await cli(folder(), ['rules', '--format', 'json']);
    const { schema, rules } = JSON.parse(out);
    expect(schema).toBe(1);
    expect(rules.map(({ name }: { name: string }) => name)).toEqual(RULES.map(({ name }) => name));
    expect(rules[0]).toMatchObject({
      severity: expect.any(String),
      summary: expect.any(String),
      fixSafety: expect.any(String),
    });
  });

  it('are explained', async () => {
    for (const rule of RULES) {
      const { code, out } = await cli(folder(), ['explain', rule.name]);
      expect(code).toBe(0);
      expect(out.startsWith(`${rule.name} (${rule.severity}, since ${rule.since})`)).toBe(true);
      for (const line of rule.bad.trimEnd().split('\n')) expect(out).toContain(line);
    }
  });
});

describe('wrong use', () => {
  it.each([
    [['explain', 'missing-volum'], 'unknown rule missing-volum (did you mean missing-volume?)'],
    [['explain'], 'expected the name of one rule'],
    [['lnt'], 'unknown command lnt (did you mean lint?)'],
    [['prepare'], 'unknown command prepare'],
    [['--nope'], 'unknown option --nope'],
    [['lint', '--formt', 'json'], 'unknown option --formt (did you mean --format?)'],
    [['lint', '--format', 'xml'], '--format xml: expected one of pretty, json, sarif, junit, github'],
    [['lint', '--fail-on'], '--fail-on needs a value'],
    [['report', '--fix'], 'unknown option --fix'],
    [['rules', 'x'], 'unexpected argument x'],
    [['help', 'nope'], 'unknown command nope'],
  ])('%j', async (argv, message) => {
    const { code, out, err } = await cli(folder(), argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });

  it('nothing at all shows the usage', async () => {
    expect(await cli(folder(), [])).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('lint [paths...]'),
    });
  });
});

describe('help', () => {
  it('is there for the whole and for each command', async () => {
    for (const argv of [['help'], ['--help'], ['-h']])
      expect((await cli(folder(), argv)).out).toContain('explain <rule>');
    for (const argv of [
      ['help', 'lint'],
      ['lint', '--help'],
      ['lint', '-h'],
    ]) {
      expect(await cli(folder(), argv)).toMatchObject({ code: 0, err: '', out: expect.stringContaining('--fail-on') });
    }
    expect((await cli(folder(), ['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
