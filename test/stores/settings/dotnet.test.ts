import { describe, expect, it } from 'vitest';
import type { Application } from '../../../server/stores/settings/application.ts';
import { dotnet, readConnectionStrings, sqliteFile } from '../../../server/stores/settings/dotnet.ts';

const PROJECT =
  '<Project><ItemGroup><PackageReference Include="Microsoft.EntityFrameworkCore.Sqlite" Version="8.0.0" /></ItemGroup></Project>';
const settings = (value: string): string =>
  JSON.stringify({ Logging: {}, ConnectionStrings: { Shop: value } }, null, 2);
const PROGRAM =
  'builder.Services.AddDbContext<Shop>(o => o.UseSqlite(builder.Configuration.GetConnectionString("Shop")));';
const FILES = {
  'Shop.csproj': PROJECT,
  'appsettings.json': settings('Data Source=data/shop.db'),
  'Program.cs': PROGRAM,
};

function found(
  files: Record<string, string>,
  environment: Record<string, string | null> = {},
  words = 'dotnet Shop.dll',
) {
  const source = (path: string) => {
    const text = files[path.replace('/w/', '')];
    return text === undefined ? null : { path, text };
  };
  const application: Application = {
    named: (end) =>
      Object.keys(files)
        .filter((name) => end.test(`/w/${name}`))
        .flatMap((name) => source(`/w/${name}`) ?? []),
    file: source,
    environment: (name) => environment[name],
    isHidden: () => false,
    mentions: () => false,
    root: '/w',
    words: words.split(' '),
    commands: [],
  };
  return dotnet(application).map(
    ({ path, told, span }) =>
      `${path.kind === 'literal' ? path.value : '?'} ${told?.confidence ?? 'sure'} ${span.source.path.replace('/w/', '')}`,
  );
}

describe('ASP.NET: catches', () => {
  it.each([
    ['a connection string', FILES, {}, ['data/shop.db sure appsettings.json']],
    [
      'of the stage it runs in',
      { ...FILES, 'appsettings.Production.json': settings('Data Source=/data/p.db') },
      {},
      ['/data/p.db sure appsettings.Production.json'],
    ],
    [
      'of another stage',
      { ...FILES, 'appsettings.Staging.json': settings('Filename=/data/s.sqlite') },
      { ASPNETCORE_ENVIRONMENT: 'Staging' },
      ['/data/s.sqlite sure appsettings.Staging.json'],
    ],
    [
      'over it a variable',
      FILES,
      { ConnectionStrings__Shop: 'DataSource=/srv/v.db;Cache=Shared' },
      ['/srv/v.db sure appsettings.json'],
    ],
    ['code that is not seen', { ...FILES, 'Program.cs': '' }, {}, ['data/shop.db memory appsettings.json']],
  ])('%s', (_, files, environment, expected) => expect(found(files, environment)).toEqual(expected));
});

describe('ASP.NET: catches not', () => {
  it.each([
    [
      'another provider as well',
      { ...FILES, 'Shop.csproj': `${PROJECT}<PackageReference Include="Npgsql.EntityFrameworkCore.PostgreSQL" />` },
      {},
    ],
    ['another provider', { ...FILES, 'Shop.csproj': PROJECT.replace('Sqlite', 'SqlServer') }, {}],
    ['a server', { ...FILES, 'appsettings.json': settings('Server=db;Database=shop.db;User Id=sa') }, {}],
    ['a server by another word', { ...FILES, 'appsettings.json': settings('Data Source=db;Initial Catalog=shop') }, {}],
    ['in memory', { ...FILES, 'appsettings.json': settings('Data Source=shop.db;Mode=Memory') }, {}],
    [
      'two strings',
      { ...FILES, 'appsettings.json': '{"ConnectionStrings":{"A":"Data Source=a.db","B":"Data Source=b.db"}}' },
      {},
    ],
    ['a variable that is set elsewhere', FILES, { ConnectionStrings__Shop: null }],
    ['a stage that is set elsewhere', FILES, { ASPNETCORE_ENVIRONMENT: null }],
    ['another group', { ...FILES, 'appsettings.json': '{"Strings":{"A":"Data Source=a.db"}}' }, {}],
    ['a comment', { ...FILES, 'appsettings.json': '{"ConnectionStrings":{\n// "A":"Data Source=a.db"\n}}' }, {}],
    ['no project', { 'appsettings.json': FILES['appsettings.json'] }, {}],
  ])('%s', (_, files, environment) => expect(found(files as Record<string, string>, environment)).toEqual([]));
  it('another program', () => expect(found(FILES, {}, 'dotnet Other.dll')).toEqual([]));
  it('no program of .NET', () => expect(found(FILES, {}, './shop')).toEqual([]));
});

describe('Connection strings', () => {
  it.each([
    ['Data Source=app.db', 'app.db'],
    ['DataSource="data/my shop.sqlite3";Foreign Keys=True', 'data/my shop.sqlite3'],
    ['Data Source=:memory:', null],
    ['Data Source=|DataDirectory|app.db', null],
    ['Data Source=sql.example.org', null],
    ['Data Source=app.db;Mode=ReadOnly', null],
    ['', null],
  ])('%s', (value, file) => expect(sqliteFile(value)).toBe(file));
  it('are read where they stand', () => {
    const text = '{ "ConnectionStrings": { "A": "Data Source=\\"a.db\\"" } }';
    const [one] = readConnectionStrings(text);
    expect(one).toMatchObject({ name: 'A', value: 'Data Source="a.db"' });
    expect(text.slice(one!.start, one!.end)).toBe('"A": "Data Source=\\"a.db\\""');
  });
});
