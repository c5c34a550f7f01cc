import { describe, expect, it } from 'vitest';
import { readDisks } from '../../../server/stores/settings/laravel-storage.ts';
import { readDisk, readService } from '../../../server/stores/settings/rails-storage.ts';
import { namesProvider } from '../../../server/stores/settings/strapi-uploads.ts';
import { type Application, evidence, type Tree, table } from './project.ts';

const DISKS =
  "local:\n  service: Disk\n  root: <%= Rails.root.join('storage') %>\n\nnear:\n  service: Disk\n  root: /srv/files\n\namazon:\n  service: S3\n  bucket: b\n";
const rails = (service: string, more: Tree = {}, environment: Record<string, string> = {}): Application => ({
  files: {
    'config/storage.yml': DISKS,
    'config/environments/production.rb': `Rails.application.configure do\n  config.active_storage.service = ${service}\nend\n`,
    'db/schema.rb': 'ActiveRecord::Schema[7.1].define do\n  create_table "active_storage_attachments"\nend\n',
    ...more,
  },
  environment: { RAILS_ENV: 'production', ...environment },
});

describe('Active Storage: catches', () => {
  table([
    ['its folder', rails(':local'), ['uploads /srv/storage']],
    ['another service on disk', rails(':near'), ['uploads /srv/files']],
    ['a name in quotes, with a comment', rails('"local" # for now'), ['uploads /srv/storage']],
    [
      'a variable that is not set',
      rails('ENV.fetch("ACTIVE_STORAGE_SERVICE", "local").to_sym'),
      ['uploads /srv/storage'],
    ],
    ['a variable', rails('ENV.fetch("FILES", "amazon").to_sym', {}, { FILES: 'near' }), ['uploads /srv/files']],
    [
      'a folder in parts',
      rails(':local', {
        'config/storage.yml': 'local:\n  service: Disk\n  root: <%= Rails.root.join("data", "files") %>\n',
      }),
      ['uploads /srv/data/files'],
    ],
  ]);
  it('where it is chosen', async () => {
    expect(await evidence(rails(':local'))).toEqual([
      'Active Storage writes uploaded files there: config/environments/production.rb: config.active_storage.service = :local',
    ]);
  });
});

describe('Active Storage: catches not', () => {
  table([
    ['S3', rails(':amazon'), []],
    ['a service that is not there', rails(':other'), []],
    ['no tables for it', rails(':local', { 'db/schema.rb': 'create_table "users"' }), []],
    ['development', rails(':local', {}, { RAILS_ENV: 'development' }), []],
    ['without an environment', { ...rails(':local'), environment: {} }, []],
    ['a variable that says S3', rails('ENV.fetch("FILES", "local").to_sym', {}, { FILES: 'amazon' }), []],
    ['a bucket in the environment', rails(':local', {}, { AWS_BUCKET: 'b' }), []],
    ['Ruby that decides', rails('Rails.env.production? ? :amazon : :local'), []],
    [
      'two choices',
      rails(':local', {
        'config/environments/production.rb':
          'if X\n  config.active_storage.service = :local\nelse\n  config.active_storage.service = :amazon\nend\n',
      }),
      [],
    ],
    [
      'a comment',
      rails(':local', { 'config/environments/production.rb': '# config.active_storage.service = :local\n' }),
      [],
    ],
    [
      'a temporary folder',
      rails(':local', {
        'config/storage.yml': 'local:\n  service: Disk\n  root: <%= Rails.root.join("tmp/storage") %>\n',
      }),
      [],
    ],
    [
      'a folder Ruby makes',
      rails(':local', { 'config/storage.yml': 'local:\n  service: Disk\n  root: <%= x %>\n' }),
      [],
    ],
  ]);
  it.each(['', 'config.active_storage.service =', 'config.active_storage.service = x()'])('%j', (text) => {
    expect(readService(text)).toBeNull();
  });
  it.each(['', 'local:', 'local: {', 'local:\n  service: Disk\n', 'local: Disk'])('%j', (text) => {
    expect(readDisk(text, 'local')).toBeNull();
  });
});

const FILESYSTEMS =
  "<?php\nreturn [\n    'default' => env('FILESYSTEM_DISK', 'local'),\n    'disks' => [\n        'local' => [\n            'driver' => 'local',\n            'root' => storage_path('app/private'),\n        ],\n        'public' => [\n            'driver' => 'local',\n            'root' => storage_path('app/public'),\n        ],\n        's3' => [\n            'driver' => 's3',\n            'bucket' => env('AWS_BUCKET'),\n        ],\n    ],\n];\n";
const laravel = (code: string, environment: Record<string, string> = {}, more: Tree = {}): Application => ({
  files: { 'config/filesystems.php': FILESYSTEMS, artisan: '', 'app/Http/Photos.php': `<?php\n${code}\n`, ...more },
  environment,
});
const STORE = "$request->file('photo')->store('photos');";

describe('Laravel disks: catches', () => {
  table([
    ['the default disk', laravel(STORE), ['uploads /srv/storage/app/private']],
    ['the public disk, by name', laravel("$file->store('photos', 'public');"), ['uploads /srv/storage/app/public']],
    ['the public disk, by setting', laravel(STORE, { FILESYSTEM_DISK: 'public' }), ['uploads /srv/storage/app/public']],
    ['in .env', laravel(STORE, {}, { '.env': 'FILESYSTEM_DISK=public\n' }), ['uploads /srv/storage/app/public']],
    [
      'both',
      laravel("Storage::put('a', $b); Storage::disk('public')->put('a', $b);"),
      ['uploads /srv/storage/app/private', 'uploads /srv/storage/app/public'],
    ],
    [
      'as versions before 11 have it',
      laravel(STORE, {}, { 'config/filesystems.php': FILESYSTEMS.replace('app/private', 'app') }),
      ['uploads /srv/storage/app'],
    ],
  ]);
});

describe('Laravel disks: catches not', () => {
  table([
    ['nothing is stored', laravel('return view("x");'), []],
    ['S3 by setting', laravel(STORE, { FILESYSTEM_DISK: 's3' }), []],
    ['S3 in .env', laravel(STORE, {}, { '.env': 'FILESYSTEM_DISK=s3\n' }), []],
    ['S3 by name', laravel(`${STORE} Storage::disk('s3')->put('a', $b);`), []],
    [
      'S3 as the default',
      laravel(STORE, {}, { 'config/filesystems.php': FILESYSTEMS.replace("'local')", "'s3')") }),
      [],
    ],
    ['a bucket in the environment', laravel(STORE, { AWS_BUCKET: 'shop' }), []],
    ['a variable that is not known', laravel(STORE, { FILESYSTEM_DISK: '${DISK}' }), []],
    ['storage moved', laravel(STORE, { LARAVEL_STORAGE_PATH: '/data' }), []],
    ['no Laravel', { files: { 'config/filesystems.php': FILESYSTEMS, 'app/A.php': STORE } }, []],
    [
      'a .env file that the build writes',
      { ...laravel(STORE), dockerfile: 'FROM php:8.3\nWORKDIR /srv\nCOPY . .\nRUN cp .env.example .env\n' },
      [],
    ],
    ['only in tests', laravel('', {}, { 'tests/PhotoTest.php': `<?php\n${STORE}` }), []],
    ['a query that stores', laravel("$cache->store('redis')->get('x');".replace("store('redis')", 'store($x)')), []],
  ]);
  it.each(['', "'default' => 'local'", "'default' => env('X', 'local')"])('%j', (text) => {
    expect(readDisks(text)).toBeNull();
  });
});

const MANIFEST = '{"dependencies":{"@strapi/strapi":"5"}}';
const strapi = (more: Tree = {}, environment: Record<string, string> = {}): Application => ({
  files: { 'config/database.js': 'module.exports = {};', 'package.json': MANIFEST, ...more },
  environment,
});

describe('Strapi uploads: catches', () => {
  table([
    ['its media library', strapi(), ['uploads /srv/public/uploads']],
    [
      'the local provider, named',
      strapi({ 'config/plugins.js': "module.exports = { upload: { config: { provider: 'local' } } };" }),
      ['uploads /srv/public/uploads'],
    ],
    [
      'another plugin',
      strapi({ 'config/plugins.ts': 'export default { graphql: { enabled: true } };' }),
      ['uploads /srv/public/uploads'],
    ],
  ]);
});

describe('Strapi uploads: catches not', () => {
  table([
    ['S3', strapi({ 'config/plugins.js': "module.exports = { upload: { config: { provider: 'aws-s3' } } };" }), []],
    [
      'S3 for production',
      strapi({
        'config/env/production/plugins.js': "module.exports = { upload: { config: { provider: 'aws-s3' } } };",
      }),
      [],
    ],
    [
      'a provider that the environment names',
      strapi({ 'config/plugins.ts': "export default ({ env }) => ({ upload: { config: { provider: env('P') } } });" }),
      [],
    ],
    [
      'a provider among the packages',
      strapi({ 'package.json': '{"dependencies":{"@strapi/strapi":"5","@strapi/provider-upload-cloudinary":"5"}}' }),
      [],
    ],
    ['another folder', strapi({ 'config/server.js': "module.exports = { dirs: { public: '/data' } };" }), []],
    ['a bucket in the environment', strapi({}, { AWS_BUCKET: 'b' }), []],
    ['another application', { files: { 'config/database.js': '', 'package.json': '{}' } }, []],
  ]);
  it('a mail provider is none for uploads', () => {
    expect(namesProvider("email: { config: { provider: 'sendgrid' } }")).toBe(false);
  });
});

const directus = (environment: Record<string, string>, more: Tree = {}): Application => ({
  files: { 'package.json': '{"dependencies":{"directus":"11"}}', ...more },
  environment,
});

describe('Directus in an image of one’s own: catches', () => {
  table([
    [
      'SQLite and its folder',
      directus({ DB_CLIENT: 'sqlite3', DB_FILENAME: './database/data.db' }),
      ['sqlite /srv/database/data.db', 'uploads /srv/uploads'],
    ],
    [
      'an absolute file, once',
      directus({ DB_CLIENT: 'sqlite3', DB_FILENAME: '/data/data.db', STORAGE_LOCATIONS: 's3' }),
      ['sqlite /data/data.db'],
    ],
    [
      'a folder that is moved',
      directus({ DB_CLIENT: 'pg', STORAGE_LOCATIONS: 'local', STORAGE_LOCAL_ROOT: '/data/files' }),
      ['uploads /data/files'],
    ],
    [
      'a place of another name',
      directus({
        DB_CLIENT: 'pg',
        STORAGE_LOCATIONS: 'disk',
        STORAGE_DISK_DRIVER: 'local',
        STORAGE_DISK_ROOT: '/data',
      }),
      ['uploads /data'],
    ],
  ]);
});

describe('Directus in an image of one’s own: catches not', () => {
  table([
    ['a server', directus({ DB_CLIENT: 'pg', STORAGE_LOCATIONS: 's3', STORAGE_S3_DRIVER: 's3' }), []],
    [
      'another place than the local one',
      directus({ DB_CLIENT: 'pg', STORAGE_LOCATIONS: 'local', STORAGE_LOCAL_DRIVER: 'azure' }),
      [],
    ],
    ['a place that is not told', directus({ DB_CLIENT: 'pg', STORAGE_LOCATIONS: 'disk' }), []],
    ['no file', directus({ DB_CLIENT: 'sqlite3', STORAGE_LOCATIONS: 'azure', STORAGE_AZURE_DRIVER: 'azure' }), []],
    ['places that are not known', directus({ DB_CLIENT: 'pg', STORAGE_LOCATIONS: '${PLACES}' }), []],
    [
      'another application',
      { files: { 'package.json': '{}' }, environment: { DB_CLIENT: 'sqlite3', DB_FILENAME: 'x' } },
      [],
    ],
    ['nothing set', directus({}), []],
  ]);
});
