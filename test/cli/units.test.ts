/** What a unit says that Quadlet does not understand: no editor tells, so the command line does. */
import { expect, test } from 'vitest';
import { cli, folder } from './helpers.ts';

const GOOD = '[Container]\nImage=docker.io/library/nginx:1.27\n';

test('a fault is named with its file, line and cause, and the others are linted', async () => {
  const cwd = folder({
    'web.container': GOOD,
    'bad.container': `${GOOD}Volume\n`,
    'db.container': '[Container]\nImage=docker.io/library/mongo:7\n',
  });
  const { code, out, err } = await cli(cwd, ['lint', '.', '--format', 'json']);
  const { findings, errors } = JSON.parse(out);
  expect(errors).toEqual([
    {
      file: 'bad.container',
      message: 'line 3, column 1: neither a [section] nor a key with its value, so Quadlet leaves the whole file out',
    },
  ]);
  expect({ code, err }).toEqual({ code: 1, err: '' });
  expect(findings.map(({ rule, service }: { rule: string; service: string }) => `${rule} ${service}`)).toContain(
    'quadlet-anonymous-volume db',
  );
});

test('a unit that is asked for by name and cannot be read is a fault of the call', async () => {
  const cwd = folder({ 'web.container': GOOD, 'bad.container': '[Container]\n\0' });
  const { code, err } = await cli(cwd, ['lint', 'bad.container']);
  expect({ code, err }).toEqual({ code: 2, err: 'bad.container: line 1, column 1: is not a text file\n' });
});

test('a unit stands for its folder when it is to be verified; a drill needs Compose', async () => {
  const cwd = folder({ 'web.container': GOOD, 'db.volume': '[Volume]\n' });
  const none = ['--host', `unix://${cwd}/no.sock`];
  const { code, err } = await cli(cwd, ['verify', '-f', 'web.container', ...none]);
  expect(code).toBe(3);
  expect(err).not.toContain('Compose file');
  expect((await cli(cwd, ['verify', ...none])).code).toBe(3);
  const drill = await cli(cwd, ['verify', '--level', 'drill', ...none]);
  expect(drill.code).toBe(2);
  expect(drill.err).toContain('a drill starts a copy of the project with Compose, which cannot be done with units');
});
