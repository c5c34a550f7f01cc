import { describe, expect, it } from 'vitest';
import { readArtifacts, readMlflow } from '../../../server/stores/settings/mlflow.ts';
import { readStrapi } from '../../../server/stores/settings/strapi.ts';
import { evidence, type Tree, table } from './project.ts';

const STRAPI =
  "const path = require('path');\nmodule.exports = ({ env }) => {\n  const client = env('DATABASE_CLIENT', 'sqlite');\n  const connections = { sqlite: { connection: { filename: path.join(__dirname, '..', env('DATABASE_FILENAME', '.tmp/data.db')) } } };\n  return { connection: { client, ...connections[client] } };\n};\n";
const strapi = (environment: Record<string, string> = {}, more: Tree = {}) => ({
  files: {
    'config/database.js': STRAPI, // The files of users are told of elsewhere: here they go to S3.
    'package.json': '{"dependencies":{"@strapi/strapi":"5","@strapi/provider-upload-aws-s3":"5"}}',
    ...more,
  },
  environment,
});

describe('Strapi: catches', () => {
  table([
    ['its default', strapi(), ['sqlite /srv/.tmp/data.db']],
    [
      'a name in the environment',
      strapi({ DATABASE_CLIENT: 'better-sqlite3', DATABASE_FILENAME: 'data/x.db' }),
      ['sqlite /srv/data/x.db'],
    ],
    [
      'a name in .env',
      strapi({}, { '.env': 'DATABASE_CLIENT=sqlite\nDATABASE_FILENAME=.tmp/e.db\n' }),
      ['sqlite /srv/.tmp/e.db'],
    ],
  ]);
});

describe('Strapi: catches not', () => {
  table([
    ['a server in the environment', strapi({ DATABASE_CLIENT: 'postgres' }), []],
    ['a server in .env', strapi({}, { '.env': 'DATABASE_CLIENT=mysql\n' }), []],
    ['another application', { files: { 'config/database.js': STRAPI } }, []],
    [
      'settings for a server',
      { files: { ...strapi().files, 'config/database.js': STRAPI.replace("'sqlite')", "'postgres')") } },
      [],
    ],
    [
      'a .env file that the build writes',
      { ...strapi(), dockerfile: 'FROM node:22\nWORKDIR /srv\nCOPY . .\nRUN cp .env.example .env\n' },
      [],
    ],
    [
      'an example',
      {
        files: {
          'examples/config/database.js': STRAPI,
          'examples/package.json': '{"dependencies":{"@strapi/strapi":"5"}}',
        },
      },
      [],
    ],
  ]);
  it.each(['', 'env(', "env('DATABASE_FILENAME', x)", "env('DATABASE_FILENAME', 'a.db')"])('%j', (text) => {
    expect(readStrapi(text)).toBeNull();
  });
});

const mlflow = (command: string, environment: Record<string, string> = {}) => ({
  files: {},
  environment,
  dockerfile: 'FROM python:3.12\nWORKDIR /srv\nRUN pip install mlflow\n',
  compose: `    command: ${command}`,
});
const SQL = 'mlflow server --backend-store-uri postgresql://db/mlflow';

describe('MLflow: catches', () => {
  table([
    [
      'a relative URL',
      mlflow('mlflow server --backend-store-uri sqlite:///mlflow.db --host 0.0.0.0'),
      ['sqlite /srv/mlflow.db', 'uploads /srv/mlartifacts'],
    ],
    [
      'an absolute URL',
      mlflow('mlflow server --backend-store-uri=sqlite:////data/mlflow.db'),
      ['sqlite /data/mlflow.db', 'uploads /srv/mlartifacts'],
    ],
    [
      'in a shell',
      mlflow('sh -c "pip install x && mlflow ui --backend-store-uri sqlite:////data/m.db"'),
      ['sqlite /data/m.db'],
    ],
    ['a database server, and the artifacts here', mlflow(SQL), ['uploads /srv/mlartifacts']],
    [
      'a user and a password that are set elsewhere',
      mlflow('mlflow server --backend-store-uri postgresql+psycopg2://$${USER}:$${PASSWORD}@db/mlflow'),
      ['uploads /srv/mlartifacts'],
    ],
    [
      'the URL in the environment',
      mlflow('mlflow server --host 0.0.0.0', { MLFLOW_BACKEND_STORE_URI: 'mysql+pymysql://db/mlflow' }),
      ['uploads /srv/mlartifacts'],
    ],
    [
      'after the database was brought up to date',
      mlflow(
        'sh -c "mlflow db upgrade postgresql://db/mlflow && mlflow server --backend-store-uri postgresql://db/mlflow"',
      ),
      ['uploads /srv/mlartifacts'],
    ],
    ['a folder for the artifacts', mlflow(`${SQL} --artifacts-destination /artifacts`), ['uploads /artifacts']],
    ['a folder in a URL', mlflow(`${SQL} --artifacts-destination file:///artifacts`), ['uploads /artifacts']],
    [
      'a folder in the environment',
      mlflow(SQL, { MLFLOW_ARTIFACTS_DESTINATION: '/artifacts' }),
      ['uploads /artifacts'],
    ],
  ]);
});

describe('MLflow: catches not', () => {
  table([
    ['an object store', mlflow(`${SQL} --artifacts-destination s3://models`), []],
    ['an object store for the clients', mlflow(`${SQL} --default-artifact-root s3://models/`), []],
    ['a folder of the clients', mlflow(`${SQL} --default-artifact-root ./mlruns`), []],
    ['an object store in the environment', mlflow(SQL, { MLFLOW_DEFAULT_ARTIFACT_ROOT: 's3://models' }), []],
    ['the same by another variable', mlflow(SQL, { MLFLOW_ARTIFACTS_DESTINATION: 'gs://models' }), []],
    ['a client of an object store', mlflow(SQL, { MLFLOW_S3_ENDPOINT_URL: 'http://store:9000' }), []],
    ['artifacts that it does not take in', mlflow(`${SQL} --no-serve-artifacts`), []],
    ['the same in the environment', mlflow(SQL, { MLFLOW_SERVE_ARTIFACTS: 'false' }), []],
    ['a destination that is set elsewhere', mlflow(`${SQL} --artifacts-destination $$ARTIFACTS`), []],
    ['a backend that is set elsewhere', mlflow('mlflow server --backend-store-uri $$BACKEND'), []],
    ['another folder', mlflow('sh -c "cd /data && mlflow server --backend-store-uri postgresql://db/mlflow"'), []],
    ['its default, which differs between versions', mlflow('mlflow server'), []],
    ['another command', mlflow('mlflow db upgrade sqlite:///mlflow.db'), []],
    [
      'a model that is served',
      mlflow('mlflow models serve --backend-store-uri postgresql://db/mlflow -m models:/a'),
      [],
    ],
    ['another program', mlflow('echo --backend-store-uri sqlite:///mlflow.db'), []],
    ['a folder', mlflow('mlflow server --backend-store-uri ./mlruns'), []],
  ]);
  it.each([[[]], [['mlflow']], [['mlflow', 'server', '--backend-store-uri']]])('%j', (words) => {
    expect(readMlflow(words)).toBeNull();
    expect(readArtifacts(words, undefined)).toBeNull();
  });
});

const variable = (value: string) => ({ files: {}, environment: { JDBC_URL: value, HOME: '/home/app' } });

describe('JDBC URLs in the environment: catches', () => {
  table([
    ['H2', variable('jdbc:h2:file:/data/shop;MODE=MySQL'), ['h2 /data/shop.mv.db']],
    ['H2 at home', variable('jdbc:h2:~/shop'), ['h2 /home/app/shop.mv.db']],
    ['HSQLDB', variable('jdbc:hsqldb:file:data/shop'), ['hsqldb /srv/data/shop.script']],
    ['SQLite, once', variable('jdbc:sqlite:/data/x.db'), ['sqlite /data/x.db']],
  ]);
  it('at the variable', async () => {
    expect(await evidence(variable('jdbc:h2:/data/shop'))).toEqual([
      'JDBC_URL is jdbc:h2:/data/shop: compose.yaml: "jdbc:h2:/data/shop"',
    ]);
  });
});

describe('JDBC URLs in the environment: catches not', () => {
  table([
    ['memory', variable('jdbc:h2:mem:x'), []],
    ['a server', variable('jdbc:postgresql://db/x'), []],
    ['an H2 server', variable('jdbc:h2:tcp://db/x'), []],
    ['an HSQLDB server', variable('jdbc:hsqldb:hsql://db/x'), []],
    ['for reading', variable('jdbc:h2:/data/x;ACCESS_MODE_DATA=r'), []],
    ['a variable that is not set', variable('jdbc:h2:${DATA_DIR}/x'), []],
    ['a name H2 refuses', variable('jdbc:h2:shop'), []],
    ['another text', variable('use jdbc:h2:/data/x'), []],
    ['no database', variable('jdbc:h2:'), []],
  ]);
});
