// biome-ignore-all lint/suspicious/noTemplateCurlyInString: settings have them.
import { describe, expect, it } from 'vitest';
import { readHocon, readKtorYaml } from '../../../server/stores/settings/ktor.ts';
import { evidence, type Tree, table } from './project.ts';

const R = 'src/main/resources';
const DOCKERFILE =
  'FROM gradle:8-jdk21 AS build\nWORKDIR /src\nCOPY . .\nRUN gradle bootJar\nFROM eclipse-temurin:21-jre\nWORKDIR /app\nCOPY --from=build /src/build/libs/shop.jar shop.jar\nENTRYPOINT ["java", "-jar", "shop.jar"]\n';
const KOTLIN: Tree = {
  'build.gradle.kts': 'plugins { kotlin("jvm") version "2.0.0" }\n',
  'src/main/kotlin/shop/Main.kt': 'package shop\nfun main() {}\n',
};
const app = (files: Tree, environment: Record<string, string> = {}, dockerfile = DOCKERFILE) => ({
  files: { ...KOTLIN, ...files },
  environment,
  dockerfile,
});

describe('Spring in Kotlin: catches', () => {
  table([
    [
      'YAML',
      app({ [`${R}/application.yml`]: 'spring:\n  datasource:\n    url: jdbc:h2:file:./data/shop\n' }),
      ['h2 /app/data/shop.mv.db'],
    ],
    [
      'the properties of the profile that runs',
      app(
        {
          [`${R}/application.yml`]: 'spring:\n  datasource:\n    url: jdbc:h2:mem:x\n',
          [`${R}/application-prod.properties`]: 'spring.datasource.url=jdbc:sqlite:/data/shop.db\n',
        },
        { SPRING_PROFILES_ACTIVE: 'prod' },
      ),
      ['sqlite /data/shop.db'],
    ],
  ]);
});

describe('Spring in Kotlin: catches not', () => {
  table([
    [
      'a profile that does not run',
      app({ [`${R}/application-dev.properties`]: 'spring.datasource.url=jdbc:h2:file:./data/shop\n' }),
      [],
    ],
    ['a server', app({ [`${R}/application.yml`]: 'spring:\n  datasource:\n    url: jdbc:postgresql://db/x\n' }), []],
    [
      'settings for tests',
      app({ 'src/test/resources/application.yml': 'spring:\n  datasource:\n    url: jdbc:h2:file:./data/shop\n' }),
      [],
    ],
    [
      'the environment names a server',
      app(
        { [`${R}/application.yml`]: 'spring:\n  datasource:\n    url: jdbc:h2:file:./data/shop\n' },
        { SPRING_DATASOURCE_URL: 'jdbc:postgresql://db/x' },
      ),
      [],
    ],
  ]);
});

const conf = (storage: string, environment: Record<string, string> = {}, dockerfile = DOCKERFILE) =>
  app({ [`${R}/application.conf`]: `ktor {\n  deployment { port = 8080 }\n}\n${storage}\n` }, environment, dockerfile);
const yaml = (storage: string, environment: Record<string, string> = {}) =>
  app({ [`${R}/application.yaml`]: `ktor:\n  deployment:\n    port: 8080\n${storage}\n` }, environment);

describe('Ktor: catches', () => {
  table([
    ['H2', conf('storage {\n  jdbcURL = "jdbc:h2:file:./build/db"\n}'), ['h2 /app/build/db.mv.db']],
    ['SQLite', conf('database.url = "jdbc:sqlite:/data/shop.db"'), ['sqlite /data/shop.db']],
    [
      'a variable that is not set',
      conf('db {\n  url = "jdbc:sqlite:data/shop.db"\n  url = ${?DB_URL}\n}'),
      ['sqlite /app/data/shop.db'],
    ],
    [
      'a variable that is set',
      conf('db {\n  url = "jdbc:sqlite:data/shop.db"\n  url = ${?DB_URL}\n}', { DB_URL: 'jdbc:sqlite:/srv/x.db' }),
      // Named by the environment, and by the settings that read it: one store.
      ['sqlite /srv/x.db'],
    ],
    ['YAML', yaml('storage:\n  url: "jdbc:h2:file:/data/shop"'), ['h2 /data/shop.mv.db']],
    ['YAML with a variable', yaml('storage:\n  url: "$DB_URL:jdbc:sqlite:/data/shop.db"'), ['sqlite /data/shop.db']],
  ]);
  it('at the line that says it', async () => {
    expect(await evidence(conf('storage { jdbcURL = "jdbc:h2:file:./db" }'))).toEqual([
      `jdbcURL opens it: ${R}/application.conf: jdbcURL = "jdbc:h2:file:./db"`,
    ]);
  });
});

describe('Ktor: catches not', () => {
  table([
    ['memory', conf('storage.jdbcURL = "jdbc:h2:mem:test;DB_CLOSE_DELAY=-1"'), []],
    ['a server', conf('storage.jdbcURL = "jdbc:postgresql://db/shop"'), []],
    ['a URL without a file', conf('storage.jdbcURL = "jdbc:h2:file:"'), []],
    ['a text that is put together', conf('storage.jdbcURL = "jdbc:sqlite:"${storage.path}'), []],
    ['a comment', conf('# jdbcURL = "jdbc:sqlite:x.db"\n// url = "jdbc:sqlite:y.db"'), []],
    ['several databases', conf('a.url = "jdbc:sqlite:/a.db"\nb.url = "jdbc:postgresql://db/x"'), []],
    [
      'the environment names a server',
      conf('db {\n  url = "jdbc:sqlite:x.db"\n  url = ${?DB_URL}\n}', { DB_URL: 'jdbc:postgresql://db/x' }),
      [],
    ],
    [
      'another file on the command line',
      conf('url = "jdbc:sqlite:/x.db"', {}, DOCKERFILE.replace('"shop.jar"]', '"shop.jar", "-config=/etc/shop.conf"]')),
      [],
    ],
    [
      'a value on the command line',
      conf('url = "jdbc:sqlite:/x.db"', {}, DOCKERFILE.replace('"shop.jar"]', '"shop.jar", "-P:url=jdbc:x"]')),
      [],
    ],
    ['no Ktor', app({ [`${R}/application.conf`]: 'akka { x = 1 }\nurl = "jdbc:sqlite:/x.db"\n' }), []],
    [
      'settings for tests',
      app({ 'src/test/resources/application.conf': 'ktor { x = 1 }\nurl = "jdbc:sqlite:/x.db"\n' }),
      [],
    ],
    ['YAML with a variable alone', yaml('storage:\n  url: "$DB_URL"'), []],
  ]);
  it.each(['', 'url =', 'url = "jdbc:', 'url = jdbc:sqlite:x.db', 'x = "y jdbc:sqlite:x"'])('%j', (text) => {
    expect(readHocon(text)).toEqual([]);
  });
  it.each(['', 'url:', 'url: $A:', 'url: "a jdbc:x"', '{'])('%j', (text) => {
    expect(readKtorYaml(text)).toEqual([]);
  });
});
