import { describe, expect, it } from 'vitest';
import { readProperties, readYaml } from '../../../server/stores/settings/spring.ts';
import { evidence, type Tree, table } from './project.ts';

const R = 'src/main/resources';
const DOCKERFILE =
  'FROM maven:3 AS build\nWORKDIR /src\nCOPY . .\nRUN mvn package\nFROM eclipse-temurin:21-jre\nWORKDIR /app\nCOPY --from=build /src/target/app.jar app.jar\nCMD ["java", "-jar", "app.jar"]\n';
const app = (files: Tree, environment: Record<string, string> = {}) => ({ files, environment, dockerfile: DOCKERFILE });
const H2 = 'spring.datasource.url=jdbc:h2:file:./data/shop\n';
const url = (text: string, environment: Record<string, string> = {}) =>
  app({ [`${R}/application.properties`]: `spring.datasource.url=${text}\n` }, environment);

describe('Spring: catches', () => {
  table([
    ['H2 in a file', app({ [`${R}/application.properties`]: H2 }), ['h2 /app/data/shop.mv.db']],
    ['H2 at home', { ...url('jdbc:h2:~/shop'), environment: { HOME: '/home/app' } }, ['h2 /home/app/shop.mv.db']],
    [
      'SQLite in YAML',
      app({ [`${R}/application.yml`]: 'spring:\n  datasource:\n    url: jdbc:sqlite:/data/shop.db\n' }),
      ['sqlite /data/shop.db'],
    ],
    ['a variable with a default', url('${DB_URL:jdbc:h2:/data/shop}'), ['h2 /data/shop.mv.db']],
    [
      'a variable in the middle',
      url('jdbc:h2:file:${DATA:/data}/shop;MODE=MySQL', { DATA: '/d' }),
      ['h2 /d/shop.mv.db'],
    ],
    [
      'the profile that runs',
      app(
        {
          [`${R}/application.properties`]: 'spring.datasource.url=jdbc:h2:mem:x\n',
          [`${R}/application-prod.properties`]: H2,
        },
        { SPRING_PROFILES_ACTIVE: 'prod' },
      ),
      ['h2 /app/data/shop.mv.db'],
    ],
    [
      'the profile of a document',
      app(
        {
          [`${R}/application.yml`]:
            'spring:\n  datasource:\n    url: jdbc:h2:mem:x\n---\nspring:\n  config:\n    activate:\n      on-profile: prod\n  datasource:\n    url: jdbc:h2:/data/p\n',
        },
        { SPRING_PROFILES_ACTIVE: 'prod' },
      ),
      ['h2 /data/p.mv.db'],
    ],
    [
      'the environment moves it',
      {
        ...app({ [`${R}/application.properties`]: H2 }),
        environment: { SPRING_DATASOURCE_URL: 'jdbc:h2:/var/lib/shop' },
      },
      ['h2 /var/lib/shop.mv.db'],
    ],
    [
      'Quarkus',
      app({ [`${R}/application.properties`]: '%prod.quarkus.datasource.jdbc.url=jdbc:h2:file:/data/q\n' }),
      ['h2 /data/q.mv.db'],
    ],
  ]);

  it('at the line that says it', async () => {
    expect(await evidence(app({ [`${R}/application.properties`]: H2 }))).toEqual([
      `spring.datasource.url opens it: ${R}/application.properties: spring.datasource.url=jdbc:h2:file:./data/shop`,
    ]);
  });
});

describe('Spring: catches not', () => {
  table([
    ['memory', url('jdbc:h2:mem:shop'), []],
    ['a server', url('jdbc:postgresql://db/shop'), []],
    ['an H2 server', url('jdbc:h2:tcp://db/shop'), []],
    [
      'the environment names a server',
      url('jdbc:h2:file:./x', { SPRING_DATASOURCE_URL: 'jdbc:postgresql://db/x' }),
      [],
    ],
    ['the variable names a server', url('${DB_URL:jdbc:h2:file:./x}', { DB_URL: 'jdbc:postgresql://db/x' }), []],
    ['a variable without a default', url('${DB_URL}'), []],
    ['a profile that does not run', app({ [`${R}/application-dev.properties`]: H2 }), []],
    [
      'a profile over it',
      app(
        {
          [`${R}/application.properties`]: H2,
          [`${R}/application-prod.properties`]: 'spring.datasource.url=jdbc:postgresql://db/x\n',
        },
        { SPRING_PROFILES_ACTIVE: 'prod' },
      ),
      [],
    ],
    ['settings of the tests', app({ 'src/test/resources/application.properties': H2 }), []],
    ['a comment', app({ [`${R}/application.properties`]: `# ${H2}` }), []],
    [
      'settings given on the command line',
      {
        ...app({ [`${R}/application.properties`]: H2 }),
        compose: '    command: ["--spring.datasource.url=jdbc:postgresql://db/x"]',
      },
      [],
    ],
    [
      'settings from elsewhere',
      app({ [`${R}/application.properties`]: H2 }, { SPRING_CONFIG_LOCATION: '/config/' }),
      [],
    ],
    ['several applications', app({ [`a/${R}/application.properties`]: H2, [`b/${R}/application.properties`]: H2 }), []],
    [
      'a stage that nothing is copied from',
      {
        ...app({ [`${R}/application.properties`]: H2 }),
        dockerfile: `${DOCKERFILE.split('FROM eclipse')[0]}FROM alpine:3\n`,
      },
      [],
    ],
    ['for reading', url('jdbc:h2:file:/data/x;ACCESS_MODE_DATA=r'), []],
    ['another key', app({ [`${R}/application.properties`]: 'my.datasource.url=jdbc:h2:file:./x\n' }), []],
    ['YAML that does not parse', app({ [`${R}/application.yml`]: 'spring: [\n' }), []],
    ['an include file', app({ [`${R}/application.yml`]: '# spring.datasource.url: jdbc:h2:file:./x\n' }), []],
  ]);

  it.each([
    '',
    '=',
    'a',
    '${',
    'a=${',
    'spring.datasource.url',
    ':',
    '\u0000',
    '- a\n- b',
    '---\n---',
    '*a',
    'a: &a [*a]',
  ])('%j is read', (text) => {
    expect(readProperties(text).length).toBeLessThan(3);
    expect(readYaml(text).length).toBeLessThan(3);
  });
});
