import { describe } from 'vitest';
import { type Tree, table } from './project.ts';

const CONFIG = "<?php\nreturn [\n    'default' => env('DB_CONNECTION', 'sqlite'),\n];\n";
const app = (more: Tree = {}, environment: Record<string, string> = {}, config = CONFIG) => ({
  files: { artisan: '#!/usr/bin/env php\n', 'config/database.php': config, ...more },
  environment,
});

describe('Laravel: catches', () => {
  table([
    ['the default of version 11', app(), ['sqlite /srv/database/database.sqlite']],
    [
      'the environment',
      app({}, { DB_CONNECTION: 'sqlite' }, CONFIG.replace("'sqlite')", "'mysql')")),
      ['sqlite /srv/database/database.sqlite'],
    ],
    [
      'a path in the environment',
      app({}, { DB_CONNECTION: 'sqlite', DB_DATABASE: '/data/x.sqlite' }),
      ['sqlite /data/x.sqlite'],
    ],
    [
      'a path in .env',
      app({ '.env': 'DB_CONNECTION=sqlite\nDB_DATABASE=/data/y.sqlite\n' }),
      ['sqlite /data/y.sqlite'],
    ],
  ]);
});

describe('Laravel: catches not', () => {
  table([
    ['a server in the environment', app({}, { DB_CONNECTION: 'mysql' }), []],
    ['a server in .env', app({ '.env': 'DB_CONNECTION=pgsql\n' }), []],
    ['a server by default', app({}, {}, CONFIG.replace("'sqlite')", "'mysql')")), []],
    ['a URL', app({}, { DB_URL: 'mysql://db/x' }), []],
    ['a relative path', app({}, { DB_DATABASE: 'x.sqlite' }), ['sqlite ?']],
    [
      'a .env file that the build writes',
      { ...app(), dockerfile: 'FROM php:8\nWORKDIR /srv\nCOPY . .\nRUN cp .env.production .env\n' },
      [],
    ],
    ['a .env file that is mounted', { ...app(), compose: '    volumes:\n      - ./.env.docker:/srv/.env' }, []],
    ['another application', { files: { 'config/database.php': CONFIG } }, []],
    ['a default that is commented out', app({}, {}, CONFIG.replace("    'default'", "    // 'default'")), []],
    ['settings that are written otherwise', app({}, {}, "<?php\nreturn ['default' => $x];\n"), []],
  ]);
});
