import { describe, expect, test } from 'vitest';
import { contentsIn, MOSQUITTO, settingsIn, weaknessesOf } from '../../../server/live/probes/mosquitto.ts';
import { type Client, scripted } from './scripted.ts';

const AT = '/mosquitto/config/mosquitto.conf';
const COMMAND = ['/docker-entrypoint.sh', '/usr/sbin/mosquitto', '-c', AT];
const KEPT = 'persistence true\npersistence_location /mosquitto/data/\nlistener 1884\nallow_anonymous true\n';
const VERSION = '$SYS/broker/version';

const clients = (retained: string, away = '0', ...says: Client['says']): Readonly<Record<string, Client>> => ({
  mosquitto_sub: {
    by: 'all',
    says: [...says, [/-t # /, { out: retained, code: 27 }], [/disconnected/, away]],
  },
  mosquitto_pub: { by: 'all', says: [[/.*/, '']] },
});
const server = (configuration: string, told = clients(VERSION), more = {}) =>
  scripted({ command: COMMAND, files: { [AT]: configuration }, clients: told, ...more });

describe('read', () => {
  test('as it comes', async () => {
    expect(await MOSQUITTO.read(server('# See man mosquitto.conf.').ask)).toMatchObject({
      writesTo: [],
      fingerprint: null,
      empty: true,
      count: 0,
      contents: '0 retained messages',
      weaknesses: [{ setting: 'persistence false', weight: 'risk' }],
    });
  });

  test('kept, with messages', async () => {
    const stats = { '/mosquitto/data/mosquitto.db': { modified: '2026-01-02T03:04:05Z' } };
    const { ask, noted } = server(KEPT, clients(`a/b\nc d\n${VERSION}`), { stats });
    expect(await MOSQUITTO.read(ask)).toMatchObject({
      writesTo: ['/mosquitto/data'],
      empty: false,
      count: 2,
      weaknesses: [{ setting: 'autosave_interval 1800', weight: 'note' }],
      evidence: ['It last saved at 2026-01-02T03:04:05Z'],
    });
    expect(noted()[0]!.argv.slice(0, 2)).toEqual(['-p', '1884']);
  });

  test('a client that had no time to connect says nothing', async () => {
    expect(await MOSQUITTO.read(server(KEPT, clients('')).ask)).toMatchObject({ empty: null, count: null });
  });

  test('a login', async () => {
    const { ask, noted } = server(KEPT.replace('allow_anonymous true', 'password_file /p'));
    expect(await MOSQUITTO.read(ask)).toMatchObject({
      count: null,
      evidence: ['It has not saved anything yet', 'It wants a login, so its content is not known'],
    });
    expect(noted()).toEqual([]);
    expect(await MOSQUITTO.planting!.refusal!(ask)).toContain('wants a login');
  });

  test('a folder of more settings, and a file that cannot be read', async () => {
    const files = {
      [AT]: 'include_dir /etc/more\n',
      '/etc/more/a.conf': 'persistence true\n',
      '/etc/more/b.txt': 'persistence false',
    };
    const { ask } = scripted({ command: COMMAND, files, workingDirectory: '/w', clients: clients(VERSION) });
    expect((await MOSQUITTO.read(ask)).writesTo).toEqual(['/w']);
    await expect(MOSQUITTO.read(scripted({ command: COMMAND }).ask)).rejects.toThrow(`${AT} could not be read`);
  });
});

describe('planting', () => {
  const planting = MOSQUITTO.planting!;

  test('is only said where nothing is saved', async () => {
    const { ask, noted } = server('');
    await planting.plant(ask, 'abc');
    expect(noted().map(({ argv }) => argv.join(' '))).toEqual(['-p 1883 -t persist_probe_abc -r -q 1 -m abc']);
  });

  test('without a process there is nobody to tell to save', async () => {
    await expect(planting.plant(server(KEPT).ask, 'abc')).rejects.toThrow('its process was not found');
  });

  test.each([
    [`persist_probe_abc abc\n${VERSION} mosquitto version 2.0.11`, true],
    [`${VERSION} mosquitto version 2.0.11`, false],
  ])('%s', async (out, found) => {
    const { ask } = server(KEPT, clients('', '0', [/persist_probe_abc/, out]));
    expect(await planting.find(ask, 'abc')).toBe(found);
  });

  test('silence is no answer', async () => {
    const { ask } = server(KEPT, clients('', '0', [/persist_probe_abc/, { err: 'Timed out', code: 27 }]));
    await expect(planting.find(ask, 'abc')).rejects.toThrow('Timed out');
  });
});

test('settings', () => {
  expect(settingsIn('', '/')).toEqual({
    persistent: false,
    file: '/mosquitto.db',
    interval: 1800,
    onChanges: false,
    anonymous: true,
    port: '1883',
  });
  expect(settingsIn('listener 1883', '/').anonymous).toBe(false);
  expect(settingsIn('port 1900\npersistence_file x.db\npersistence_location /d', '/')).toMatchObject({
    port: '1900',
    file: '/d/x.db',
  });
  expect(weaknessesOf(settingsIn('persistence true\nautosave_interval 0', '/'))[0]!.message).toContain(
    'only at a clean stop',
  );
  expect(contentsIn('xxxs\n')).toMatchObject({ count: 3, empty: false });
  expect(contentsIn('s\n')).toMatchObject({ count: 0, empty: null });
  expect(contentsIn('s\n2')).toMatchObject({ count: 0, empty: false });
  expect(contentsIn('Connection refused\n')).toEqual({ empty: null, count: null, contents: null });
});
