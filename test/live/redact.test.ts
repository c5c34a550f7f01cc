import { describe, expect, test } from 'vitest';
import { redacted, secretsOf } from '../../server/live/redact.ts';

const hidden = (environment: Readonly<Record<string, string>>, argv: readonly string[], text: string): string =>
  redacted(text, secretsOf(Object.entries(environment), argv));

describe('what must not be shown', () => {
  test.each([
    [{ POSTGRES_PASSWORD: 'hunter22' }, [], 'FATAL: hunter22 is wrong', 'FATAL: *** is wrong'],
    [{ MEILI_MASTER_KEY: 'abcdef' }, [], 'key=abcdef', 'key=***'],
    [{ SESSION_COOKIE: 'abc', APP_SECRET: 'abcdef' }, [], 'abcdef abc', '*** ***'],
    [{}, ['redis-server', '--requirepass', 'swordfish'], 'AUTH swordfish', 'AUTH ***'],
    [{}, ['app', '--password=swordfish'], 'got swordfish', 'got ***'],
    [{ DATABASE_URL: 'postgres://app:s3cret@db/app' }, [], 'no s3cret here', 'no *** here'],
    [{}, [], 'dial amqp://guest:guest@mq:5672', 'dial amqp://guest:***@mq:5672'],
  ])('%j %j: %s', (environment, argv, text, shown) => {
    expect(hidden(environment, argv, text)).toBe(shown);
  });
});

describe('what may be', () => {
  test.each([
    [{ POSTGRES_DB: 'shop' }, [], 'database shop'],
    [{ POSTGRES_PASSWORD_FILE: '/run/secrets/pw' }, [], 'reading /run/secrets/pw'],
    [{ PWD: '/srv/app' }, [], 'started in /srv/app'],
    [{ AUTH_ENABLED: 'true' }, [], 'auth is true'],
    [{ TOKEN: 'no' }, [], 'no such key'],
    [{}, ['redis-server', '--dir', '/data'], 'saved to /data'],
    [{}, [], 'http://db:5432/path@home'],
  ])('%j %j: %s', (environment, argv, text) => {
    expect(hidden(environment, argv, text)).toBe(text);
  });
});
