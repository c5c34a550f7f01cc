import { describe, expect, it } from 'vitest';
import { readPrisma } from '../../../server/stores/settings/prisma.ts';
import { evidence, type Tree, table } from './project.ts';

const schema = (url: string, provider = 'sqlite'): string =>
  `generator client {\n  provider = "prisma-client-js"\n}\n\ndatasource db {\n  provider = "${provider}"\n  url      = ${url}\n}\n`;
const at = (url: string, more: Tree = {}) => ({ files: { 'prisma/schema.prisma': schema(url), ...more } });
const URL = 'env("DATABASE_URL")';

describe('Prisma: catches', () => {
  table([
    ['a literal, counted from the schema', at('"file:./dev.db"'), ['sqlite /srv/prisma/dev.db']],
    ['a literal above the schema', at('"file:../data/dev.db"'), ['sqlite /srv/data/dev.db']],
    ['an absolute literal', at('"file:/data/app.db"'), ['sqlite /data/app.db']],
    ['the environment', { ...at(URL), environment: { DATABASE_URL: 'file:./app.db' } }, ['sqlite /srv/prisma/app.db']],
    [
      'the environment, absolute',
      { ...at(URL), environment: { DATABASE_URL: 'file:/data/app.db' } },
      ['sqlite /data/app.db'],
    ],
    ['the .env file in the image', at(URL, { '.env': 'DATABASE_URL="file:./x.db"\n' }), ['sqlite /srv/prisma/x.db']],
  ]);

  it('at the line that says it, with the variable that decides', async () => {
    expect(await evidence({ ...at(URL), environment: { DATABASE_URL: 'file:./app.db' } })).toEqual([
      'Prisma opens it: prisma/schema.prisma: url      = env("DATABASE_URL")',
      'DATABASE_URL=file:./app.db: compose.yaml: "file:./app.db"',
    ]);
  });
});

describe('Prisma: catches not', () => {
  const files = (name: string, text = schema('"file:./dev.db"')) => ({ files: { [name]: text } });
  table([
    ['another database', files('prisma/schema.prisma', schema('"file:./dev.db"', 'postgresql')), []],
    ['a variable that nobody sets', at(URL), ['sqlite ?']],
    ['a variable that names a server', { ...at(URL), environment: { DATABASE_URL: 'postgresql://db/x' } }, []],
    ['in memory', at('"file::memory:"'), []],
    ['a schema of the tests', files('tests/schema.prisma'), []],
    ['a schema of an example', files('examples/prisma/schema.prisma'), []],
    [
      'a schema that is not copied',
      { files: { 'prisma/schema.prisma': schema('"file:./dev.db"') }, dockerfile: 'FROM x:1\nCOPY src /srv\n' },
      [],
    ],
    ['a URL that is commented out', files('prisma/schema.prisma', schema('env("X")').replace('url ', '// url ')), []],
    [
      'a driver adapter',
      at('"file:./dev.db"', { 'package.json': '{"dependencies":{"@prisma/adapter-libsql":"1"}}' }),
      [],
    ],
    [
      'a .env file that the build writes',
      {
        ...at(URL, { '.env': 'DATABASE_URL=file:./x.db\n' }),
        dockerfile: 'FROM x:1\nWORKDIR /srv\nCOPY . .\nRUN cp .env.production .env\n',
      },
      ['sqlite ?'],
    ],
    [
      'a .env file that is mounted',
      { ...at(URL, { '.env': 'DATABASE_URL=file:./x.db\n' }), compose: '    volumes:\n      - ./prod.env:/srv/.env' },
      ['sqlite ?'],
    ],
    ['no data source', files('prisma/schema.prisma', 'model A {\n  id Int @id\n}\n'), []],
  ]);

  it.each([
    '',
    'datasource',
    'datasource db {',
    'datasource db {\nprovider = "sqlite"\n}',
    '{}}{',
    'datasource db { url = "',
  ])('%j', (text) => {
    expect(readPrisma(text)).toBeNull();
  });
});
