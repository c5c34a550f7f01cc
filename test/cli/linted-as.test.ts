import { describe, expect, it } from 'vitest';
import { cli, folder } from './helpers.ts';

const LOST = 'services:\n  db:\n    image: chromadb/chroma:1.0.0\n';
const KEEPS = 'services:\n  db:\n    volumes: [data:/data]\nvolumes:\n  data:\n';
const UP = 'docker compose -f compose.yaml -f compose.prod.yaml up\n';

const shown = (out: string): string[] => out.split('\n').filter((line) => line.startsWith('linted as'));

describe('what is linted together', () => {
  it('is shown once for each project of more than one file', async () => {
    const cwd = folder({
      'a/compose.yaml': LOST,
      'a/compose.override.yaml': KEEPS,
      'b/compose.yaml': LOST,
      'c/compose.yaml': LOST,
      'c/compose.prod.yaml': KEEPS,
      'c/up.sh': UP,
    });
    const { out } = await cli(cwd, ['lint']);
    expect(shown(out)).toEqual([
      'linted as: a/compose.yaml + a/compose.override.yaml',
      'linted as: c/compose.yaml + c/compose.prod.yaml',
    ]);
  });

  it('is not shown for single files, nor in JSON', async () => {
    expect(shown((await cli(folder({ 'compose.yaml': LOST }), ['lint'])).out)).toEqual([]);
    const cwd = folder({ 'compose.yaml': LOST, 'compose.override.yaml': KEEPS });
    expect((await cli(cwd, ['lint', '--format', 'json'])).out).not.toContain('linted as');
  });

  it('is what -f says, whatever else is there', async () => {
    const cwd = folder({ 'compose.yaml': LOST, 'compose.override.yaml': KEEPS, 'x.yaml': 'services: {}\n' });
    const { out, code } = await cli(cwd, ['lint', '-f', 'compose.yaml', '-f', 'x.yaml']);
    expect(shown(out)).toEqual(['linted as: compose.yaml + x.yaml']);
    expect(code).toBe(1);
  });

  it('is what COMPOSE_FILE of the shell says', async () => {
    const cwd = folder({ 'compose.yaml': LOST, 'compose.override.yaml': 'services: {}\n', 'x.yaml': KEEPS });
    const { out } = await cli(cwd, ['lint'], { env: { COMPOSE_FILE: 'compose.yaml:x.yaml' } });
    expect(shown(out)).toEqual(['linted as: compose.yaml + x.yaml']);
  });

  it.each([
    ['nothing', '', '.'],
    ['nothing after the last separator', 'compose.yaml:', '.'],
    ['a file that is not there', 'compose.yaml:gone.yaml', 'gone.yaml'],
  ])('COMPOSE_FILE of the shell that names %s is told, and counts for nothing', async (_, COMPOSE_FILE, file) => {
    const cwd = folder({ 'compose.yaml': LOST, 'compose.override.yaml': KEEPS });
    const { out, err, code } = await cli(cwd, ['lint'], { env: { COMPOSE_FILE } });
    expect(shown(out)).toEqual(['linted as: compose.yaml + compose.override.yaml']);
    expect(err).toBe(`${file}: is named by COMPOSE_FILE of the shell, but is no file\n`);
    expect(code).toBe(0);
  });

  it('is what -f says, though COMPOSE_FILE of the shell is empty', async () => {
    const cwd = folder({ 'compose.yaml': LOST, 'x.yaml': KEEPS });
    const { err, code } = await cli(cwd, ['lint', '-f', 'compose.yaml', '-f', 'x.yaml'], { env: { COMPOSE_FILE: '' } });
    expect([err, code]).toEqual(['', 0]);
  });

  it('is what the settings say', async () => {
    const settings = 'projects: [{files: [compose.yaml, x.yaml]}]\n';
    const cwd = folder({ 'compose.yaml': LOST, 'x.yaml': KEEPS, '.compose-persistence.yaml': settings });
    expect(shown((await cli(cwd, ['lint'])).out)).toEqual(['linted as: compose.yaml + x.yaml']);
  });

  it('settings that are wrong are told, and nothing is linted', async () => {
    const cwd = folder({ 'compose.yaml': LOST, '.compose-persistence.yaml': 'projects: [{files: x.yaml}]\n' });
    const { code, err } = await cli(cwd, ['lint']);
    expect(code).toBe(2);
    expect(err).toBe('.compose-persistence.yaml: projects[0]: files is a list of Compose files, base first\n');
  });

  it('a loss that one way of running it does not have is a warning', async () => {
    const cwd = folder({ 'compose.yaml': LOST, 'compose.prod.yaml': KEEPS, 'up.sh': UP });
    const { code, out } = await cli(cwd, ['lint']);
    expect(code).toBe(0);
    expect(out).toContain('linted as: compose.yaml; not found in compose.yaml + compose.prod.yaml');
  });
});
