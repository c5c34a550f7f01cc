import { describe, expect, it } from 'vitest';
import { readRails } from '../../../server/stores/settings/rails.ts';
import { table } from './project.ts';

const DEFAULT = 'default: &default\n  adapter: sqlite3\n  pool: <%= ENV.fetch("RAILS_MAX_THREADS") { 5 } %>\n\n';
const yml = (production: string): string =>
  `${DEFAULT}development:\n  <<: *default\n  database: storage/development.sqlite3\n\nproduction:\n${production}`;
const PLAIN = '  <<: *default\n  database: storage/production.sqlite3\n';
const app = (production: string, environment: Record<string, string> = { RAILS_ENV: 'production' }) => ({
  files: { 'config/application.rb': '', 'config/database.yml': yml(production) },
  environment,
});

describe('Rails: catches', () => {
  table([
    ['the block of production', app(PLAIN), ['sqlite /srv/storage/production.sqlite3']],
    [
      'the environment that the image sets',
      { ...app(PLAIN, {}), dockerfile: 'FROM x:1\nWORKDIR /rails\nENV RAILS_ENV=production\nCOPY . .\n' },
      ['sqlite /rails/storage/production.sqlite3'],
    ],
    [
      'development, where it runs',
      app(PLAIN, { RAILS_ENV: 'development' }),
      ['sqlite /srv/storage/development.sqlite3'],
    ],
    [
      'several databases, without the cache',
      app(
        '  primary:\n    <<: *default\n    database: storage/p.sqlite3\n  queue:\n    <<: *default\n    database: storage/q.sqlite3\n  cache:\n    <<: *default\n    database: storage/c.sqlite3\n',
      ),
      ['sqlite /srv/storage/p.sqlite3', 'sqlite /srv/storage/q.sqlite3'],
    ],
    [
      'a path from the environment',
      app('  adapter: sqlite3\n  database: <%= ENV.fetch("DB_PATH", "/data/a.sqlite3") %>\n'),
      ['sqlite /data/a.sqlite3'],
    ],
    [
      'a path that the environment sets',
      app('  adapter: sqlite3\n  database: <%= ENV["DB_PATH"] || "/data/a.sqlite3" %>\n', {
        RAILS_ENV: 'production',
        DB_PATH: '/d/b.sqlite3',
      }),
      ['sqlite /d/b.sqlite3'],
    ],
  ]);
});

describe('Rails: catches not', () => {
  table([
    ['no environment said', app(PLAIN, {}), []],
    ['the tests', app(PLAIN, { RAILS_ENV: 'test' }), []],
    ['another database', app('  adapter: postgresql\n  database: shop\n'), []],
    ['a URL in the environment', app(PLAIN, { RAILS_ENV: 'production', DATABASE_URL: 'postgres://db/shop' }), []],
    ['a URL in the file', app('  <<: *default\n  url: <%= ENV["DATABASE_URL"] %>\n  database: x.sqlite3\n'), []],
    [
      'a path from a variable that nobody sets',
      app('  adapter: sqlite3\n  database: <%= ENV["DB_PATH"] %>\n'),
      ['sqlite ?'],
    ],
    ['a path that Ruby makes', app('  adapter: sqlite3\n  database: <%= Rails.root.join("x") %>\n'), ['sqlite ?']],
    ['a part that Ruby makes', app('  adapter: sqlite3\n  database: storage/<%= ENV["X"] %>.sqlite3\n'), ['sqlite ?']],
    ['a condition', app(`${PLAIN}<% if ENV["X"] %>\n  pool: 5\n<% end %>\n`), []],
    ['no such block', app(PLAIN, { RAILS_ENV: 'staging' }), []],
    [
      'a block that is commented out',
      {
        ...app(''),
        files: {
          'config/application.rb': '',
          'config/database.yml': `${DEFAULT}#production:\n#  <<: *default\n#  database: x.sqlite3\n`,
        },
      },
      [],
    ],
    ['no Rails', { files: { 'config/database.yml': yml(PLAIN) }, environment: { RAILS_ENV: 'production' } }, []],
    [
      'an application of the specs',
      {
        files: { 'spec/dummy/config/application.rb': '', 'spec/dummy/config/database.yml': yml(PLAIN) },
        environment: { RAILS_ENV: 'production' },
      },
      [],
    ],
    [
      'a file that is mounted over it',
      { ...app(PLAIN), compose: '    volumes:\n      - ./database.yml:/srv/config/database.yml' },
      [],
    ],
  ]);

  it.each(['', ':', 'production:', 'production: [', '<%', 'production: <%= x', '\t', 'production: &a\n  <<: *a\n'])(
    '%j',
    (text) => {
      expect(readRails(text, 'production') ?? []).toEqual([]);
    },
  );
});
