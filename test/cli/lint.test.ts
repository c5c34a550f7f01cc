// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Compose files have them.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, folder } from './helpers.ts';

const LOST = 'services:\n  db:\n    image: chromadb/chroma:1.0.0\n';
const KEPT = 'services:\n  db:\n    image: memcached:1\n';
const UNDECLARED = 'services:\n  db: # the shop\n    image: mariadb:11\n    volumes:\n      - db_data:/var/lib/mysql\n';

interface Json {
  findings: { rule: string; severity: string; file: string; range: unknown; fixes: { safety: string }[] }[];
  errors: { file: string; message: string }[];
}

const lint = async (cwd: string, ...argv: string[]): Promise<{ code: number; err: string; json: Json }> => {
  const { code, out, err } = await cli(cwd, ['lint', '--format', 'json', ...argv]);
  return { code, err, json: JSON.parse(out) };
};

const rules = ({ json }: { json: Json }): string[] => json.findings.map(({ rule }) => rule);

describe('lint', () => {
  it('looks through the working directory and exits with 1 when it finds an error', async () => {
    const cwd = folder({ 'b/compose.yaml': LOST, 'a/compose.yaml': LOST, 'c/compose.yaml': KEPT });
    const ran = await lint(cwd);
    expect(ran.code).toBe(1);
    expect(ran.json.findings.filter(({ rule }) => rule === 'missing-volume').map(({ file }) => file)).toEqual([
      'a/compose.yaml',
      'b/compose.yaml',
    ]);
    expect(ran.json.findings[0]?.range).toEqual({ start: { line: 1, character: 2 }, end: { line: 1, character: 4 } });
    expect(ran.json.errors).toEqual([]);
  });

  it('exits with 0 when nothing is found, or nothing that --fail-on counts', async () => {
    expect((await lint(folder({ 'compose.yaml': KEPT }))).code).toBe(0);
    const cwd = folder({ 'compose.yaml': `${UNDECLARED}volumes:\n  db_data:\n` });
    const ran = await lint(cwd);
    expect(rules(ran)).toEqual(['short-stop-grace-period']);
    expect(ran.code).toBe(0);
    expect((await lint(cwd, '--fail-on', 'warning')).code).toBe(0);
    expect((await lint(cwd, '--fail-on', 'info')).code).toBe(1);
    expect((await lint(folder({ 'compose.yaml': LOST }), '--fail-on', 'never')).code).toBe(0);
  });

  it('reads files as one project with -f', async () => {
    const cwd = folder({
      'base.yaml': LOST,
      'more.yaml': 'services: { db: { volumes: ["/srv/db:/data"] } }\n',
    });
    expect(rules(await lint(cwd, '-f', 'base.yaml'))).toContain('missing-volume');
    expect(rules(await lint(cwd, '-f', 'base.yaml', '-f', 'more.yaml'))).not.toContain('missing-volume');
  });

  it('reads standard input', async () => {
    const cwd = folder();
    for (const argv of [['-'], ['-f', '-']]) {
      const { code, out } = await cli(cwd, ['lint', '--format', 'json', ...argv], { stdin: LOST });
      expect(code).toBe(1);
      expect(new Set(JSON.parse(out).findings.map(({ file }: { file: string }) => file))).toEqual(new Set(['-']));
    }
    const binary = await cli(cwd, ['lint', '--format', 'json', '-'], { stdin: new Uint8Array([0, 1, 2]) });
    expect(binary.code).toBe(2);
    expect(JSON.parse(binary.out).errors).toEqual([{ file: '-', message: 'is not a text file' }]);
  });

  it('looks at services of every profile: their data counts as well', async () => {
    const cwd = folder({ 'compose.yaml': `${KEPT}  other:\n    image: chromadb/chroma:1.0.0\n    profiles: [more]\n` });
    expect((await lint(cwd)).code).toBe(1);
    expect((await lint(cwd, '--profile', 'more')).code).toBe(1);
  });

  it('leaves test files alone unless told otherwise', async () => {
    const cwd = folder({ 'test/compose.yaml': LOST });
    expect((await lint(cwd)).json.findings).toEqual([]);
    expect(rules(await lint(cwd, '--include-tests'))).toContain('missing-volume');
  });

  it('has every format', async () => {
    const cwd = folder({ 'compose.yaml': LOST });
    const starts = {
      pretty: 'compose.yaml:2:3 error',
      sarif: '{"$schema"',
      junit: '<?xml',
      github: '::error file=compose.yaml,line=2',
    };
    for (const [format, start] of Object.entries(starts)) {
      const { code, out, err } = await cli(cwd, ['lint', '--format', format]);
      expect({ format, code, err, start: out.slice(0, start.length) }).toEqual({ format, code: 1, err: '', start });
    }
  });

  it('is coloured only where colours are wanted', async () => {
    const cwd = folder({ 'compose.yaml': LOST });
    const coloured = async (outside: object): Promise<boolean> =>
      (await cli(cwd, ['lint'], outside)).out.includes('\u001b[');
    expect(await coloured({})).toBe(false);
    expect(await coloured({ isTTY: true })).toBe(true);
    expect(await coloured({ isTTY: true, env: { NO_COLOR: '1' } })).toBe(false);
    expect(await coloured({ env: { FORCE_COLOR: '1' } })).toBe(true);
  });
});

describe('input that cannot be read', () => {
  it('named: exit code 2, and the rest is still linted', async () => {
    const cwd = folder({ 'compose.yaml': LOST });
    const ran = await lint(cwd, 'gone.yaml', 'compose.yaml');
    expect(ran.code).toBe(2);
    expect(ran.json.errors).toEqual([{ file: 'gone.yaml', message: 'does not exist' }]);
    expect(rules(ran)).toContain('missing-volume');
  });

  it('found among others: told, and the others decide', async () => {
    const cwd = folder({ 'a/compose.yaml': new Uint8Array([0, 0, 1]), 'b/compose.yaml': LOST });
    const ran = await lint(cwd);
    expect(ran.json.errors).toEqual([{ file: 'a/compose.yaml', message: 'is not a text file' }]);
    expect(ran.code).toBe(1);
  });

  it('alone: exit code 2', async () => {
    expect((await lint(folder({ 'compose.yaml': new Uint8Array([0, 0, 1]) }))).code).toBe(2);
    expect((await lint(folder({ 'x.yaml': '- a\n' }), 'x.yaml')).code).toBe(2);
    expect((await lint(folder(), 'gone')).code).toBe(2);
  });

  it('broken in part: the fault is told, and the rest is still linted', async () => {
    const cwd = folder({ 'compose.yaml': `${LOST}    user: root\n  web:\n    image: nginx\n    image: httpd\n` });
    const ran = await lint(cwd);
    expect(rules(ran)).toContain('missing-volume');
    expect(ran.json.errors).toEqual([{ file: 'compose.yaml', message: expect.stringMatching(/^line 7, column 5: /) }]);
    expect(ran.code).toBe(1);
    expect((await lint(cwd, 'compose.yaml')).code).toBe(2);
  });

  it('that Compose refuses as it is written: told where, and the rest is still linted', async () => {
    const ZONE = '${TZ:"Asia/Manila"}';
    const written = `${LOST}    environment:\n      TZ: ${ZONE}\n`;
    const cwd = folder({ 'compose.yaml': written });
    const ran = await lint(cwd);
    expect(rules(ran)).toContain('missing-volume');
    expect(ran.json.errors).toEqual([
      {
        file: 'compose.yaml',
        message: `line 5, column 11: "${ZONE}" is not a valid variable: Compose refuses the file`,
      },
    ]);
    expect(ran.code).toBe(1);
    const list = folder({ 'compose.yaml': `${LOST}    environment:\n      - DEBUG = true\n` });
    expect((await lint(list)).json.errors).toEqual([
      { file: 'compose.yaml', message: expect.stringMatching(/^line 5, column 9: .*DEBUG ends in white space/) },
    ]);
  });

  it.each([
    ['a variable that has to be set', '${TZ:?set it}'],
    ['one in the default of another', '${TZ:-${ZONE?set it}}'],
    ['a variable that is not set', '${TZ}'],
    ['a dollar that begins nothing', 'a$ b'],
    ['two dollars', '$${TZ:"UTC"}'],
  ])('that another shell may make right: %s', async (_, value) => {
    const cwd = folder({ 'compose.yaml': `${LOST}    environment:\n      TZ: '${value}'\n` });
    expect((await lint(cwd)).json.errors).toEqual([]);
  });

  it('that is YAML but no Compose file', async () => {
    const ran = await lint(folder({ 'x.yaml': 'foo: bar\n' }), 'x.yaml');
    expect(ran.json.errors).toEqual([{ file: 'x.yaml', message: 'is not a Compose file: it has no services' }]);
    expect(ran.code).toBe(2);
  });

  it('is told on standard error where people read', async () => {
    const { code, out, err } = await cli(folder(), ['lint', 'gone.yaml']);
    expect({ code, out, err }).toEqual({ code: 2, out: '', err: 'gone.yaml: does not exist\n' });
  });

  it('nothing to read is not an error', async () => {
    expect(await cli(folder(), ['lint'])).toEqual({ code: 0, out: 'no Compose files found\n', err: '' });
  });
});

describe('settings', () => {
  it('that name an unknown rule: exit code 2, nothing linted', async () => {
    const cwd = folder({ 'compose.yaml': LOST, '.compose-persistence.yaml': 'rules:\n  mising-volume: off\n' });
    const ran = await lint(cwd);
    expect(ran.code).toBe(2);
    expect(ran.json.findings).toEqual([]);
    expect(ran.json.errors).toEqual([
      { file: '.compose-persistence.yaml', message: expect.stringContaining('mising-volume') },
    ]);
    const { code, err } = await cli(cwd, ['lint']);
    expect(code).toBe(2);
    expect(err).toContain('mising-volume');
    expect((await cli(cwd, ['report'])).code).toBe(2);
  });

  it('come from the working directory, or from --config instead', async () => {
    const cwd = folder({
      'compose.yaml': LOST,
      '.compose-persistence.yaml': 'rules: { missing-volume: off }\n',
      'other.yaml': 'rules: { missing-volume: hint }\n',
    });
    expect(rules(await lint(cwd))).not.toContain('missing-volume');
    expect(
      (await lint(cwd, '--config', 'other.yaml')).json.findings.find(({ rule }) => rule === 'missing-volume')?.severity,
    ).toBe('hint');
    const gone = await lint(cwd, '--config', 'gone.yaml');
    expect(gone.code).toBe(2);
    expect(gone.json.errors[0]?.file).toBe('gone.yaml');
  });
});

describe('lint --fix', () => {
  const read = (cwd: string, name = 'compose.yaml'): Buffer => fs.readFileSync(path.join(cwd, name));

  it('applies safe fixes until none is left, and a second time changes nothing', async () => {
    const cwd = folder({ 'compose.yaml': UNDECLARED });
    const { code, err } = await cli(cwd, ['lint', '--fix']);
    expect(code).toBe(0);
    expect(err).toContain('fixed compose.yaml: undeclared-volume: ');
    expect(err).toContain('2 findings fixed\n');
    const once = read(cwd);
    expect(once.toString()).toContain('db: # the shop');
    expect(once.toString()).toContain('volumes:\n  db_data:');
    expect((await lint(cwd)).json.findings).toEqual([]);
    const again = await cli(cwd, ['lint', '--fix']);
    expect(again.err).toBe('');
    expect(read(cwd).equals(once)).toBe(true);
  });

  it('fixes many at one place, one round each', async () => {
    const names = Array.from({ length: 14 }, (_, i) => `data${i}`);
    const volumes = names.map((name) => `      - ${name}:/${name}\n`).join('');
    const cwd = folder({ 'compose.yaml': `services:\n  a:\n    image: busybox\n    volumes:\n${volumes}` });
    expect((await lint(cwd, '--fix')).json.findings).toEqual([]);
    for (const name of names) expect(read(cwd).toString()).toMatch(new RegExp(`^  ${name}:`, 'm'));
  });

  it('never applies what moves data', async () => {
    const cwd = folder({ 'compose.yaml': LOST });
    const ran = await lint(cwd, '--fix');
    expect(ran.code).toBe(1);
    expect(ran.json.findings[0]?.fixes[0]?.safety).toBe('migration');
    expect(read(cwd).toString()).toBe(LOST);
  });

  it('keeps the byte order mark, line ends, mode and links', async () => {
    const text = UNDECLARED.replaceAll('\n', '\r\n');
    const cwd = folder({ 'real/file.yaml': `\ufeff${text}` });
    const real = path.join(cwd, 'real/file.yaml');
    fs.chmodSync(real, 0o640);
    fs.symlinkSync('real/file.yaml', path.join(cwd, 'compose.yaml'));
    await lint(cwd, '--fix', 'compose.yaml');
    expect(fs.lstatSync(path.join(cwd, 'compose.yaml')).isSymbolicLink()).toBe(true);
    expect(fs.statSync(real).mode & 0o777).toBe(0o640);
    const bytes = read(cwd);
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(bytes.toString()).toContain('volumes:\r\n  db_data:');
    expect(bytes.toString().replaceAll('\r\n', '')).not.toContain('\n');
    expect(fs.readdirSync(path.join(cwd, 'real'))).toEqual(['file.yaml']);
  });

  it('refuses files in other encodings, and says so', async () => {
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(UNDECLARED, 'utf16le')]);
    const latin1 = Buffer.from(UNDECLARED.replace('shop', 'gar\u00e7on'), 'latin1');
    const cwd = folder({ 'a/compose.yaml': utf16, 'b/compose.yaml': latin1, 'c/compose.yaml': UNDECLARED });
    const ran = await lint(cwd, '--fix');
    expect(ran.code).toBe(2);
    expect(ran.json.errors).toEqual([
      { file: 'a/compose.yaml', message: 'is not fixed: it is not encoded as UTF-8' },
      { file: 'b/compose.yaml', message: 'is not fixed: it is not encoded as UTF-8' },
    ]);
    expect(read(cwd, 'a/compose.yaml').equals(utf16)).toBe(true);
    expect(read(cwd, 'b/compose.yaml').equals(latin1)).toBe(true);
    expect(read(cwd, 'c/compose.yaml').toString()).toContain('volumes:\n  db_data:');
  });

  it('refuses standard input', async () => {
    const { code, err } = await cli(folder(), ['lint', '--fix', '-'], { stdin: LOST });
    expect(code).toBe(2);
    expect(err).toContain('--fix cannot be used with -');
  });
});
