/** What is read of a text that does not parse. `!` marks what may not be all that was meant. */
import { describe, expect, test } from 'vitest';
import { suppressionsOf } from '../../server/lint/suppressions.ts';
import { rangeOf } from '../../server/syntax/source.ts';
import { valueAt as child, entryOf } from '../../server/syntax/tree.ts';
import { place, problemsOf, read, sourceOf, values } from './reading.ts';

const TEXT = `services:
  db:
    image: postgres:16
    volumes:
      - d:/x
      - e:/y
  web:
    image: nginx
volumes:
  d:
  e:
`;

const VOLUMES = 'volumes: {d: null, e: null}';
const DB = '{image: "postgres:16", volumes: ["d:/x", "e:/y"]}';
const WEB = 'web: {image: "nginx"}';

/** `TEXT` with line `at` (from 0) replaced. */
const line = (at: number, replaced: string): string => TEXT.split('\n').with(at, replaced).join('\n');

const above = (at: number, added: string): string => TEXT.split('\n').toSpliced(at, 0, added).join('\n');

describe('a fault stays where it is', () => {
  test.each<[string, string, string, string]>([
    [
      'a quote that is not closed',
      line(2, '    image: "postgres'),
      `{services: {db: {image: !"postgre", volumes: ["d:/x", "e:/y"]}, ${WEB}}, ${VOLUMES}}`,
      '2:20-2:20 Missing closing "quote',
    ],
    [
      'a quote in a list',
      line(4, '      - "d:/x'),
      `{services: {db: {image: "postgres:16", volumes: !["d:/", "e:/y"]}, ${WEB}}, ${VOLUMES}}`,
      '4:13-4:13 Missing closing "quote',
    ],
    [
      'a bracket before a list',
      line(3, '    volumes: ['),
      `{services: {db: {image: "postgres:16", volumes: !["d:/x", "e:/y"]}, ${WEB}}, ${VOLUMES}}`,
      '3:4-3:14 this is no key for what stands below it',
    ],
    [
      'a quote behind a section',
      line(0, 'services: "'),
      `{services: !{db: ${DB}, ${WEB}}, ${VOLUMES}}`,
      '0:0-0:11 this is no key for what stands below it',
    ],
    [
      'a service that is being named',
      above(6, '  we'),
      `{services: !{db: ${DB}, we: !null, ${WEB}}, ${VOLUMES}}`,
      '6:2-6:4 this is no key with a value',
    ],
    [
      'a section that is being named',
      above(8, 'volu'),
      `{services: {db: ${DB}, ${WEB}}, volu: !null, ${VOLUMES}}`,
      '8:0-8:4 this is no key with a value',
    ],
    [
      'a section without its colon',
      line(8, 'volumes'),
      `!{services: {db: ${DB}, ${WEB}}, volumes: !{d: null, e: null}}`,
      '8:0-8:7 this is no key for what stands below it',
    ],
    [
      'a service without its colon',
      line(1, '  db'),
      `{services: !{db: !${DB}, ${WEB}}, ${VOLUMES}}`,
      '1:2-1:4 this is no key for what stands below it',
    ],
    [
      'a service too far in',
      line(6, '   web:'),
      `{services: {db: ${DB}, ${WEB}}, ${VOLUMES}}`,
      '6:0-6:0 this is not indented like its neighbours',
    ],
    [
      'a service too far out',
      line(6, ' web:'),
      `{services: {db: ${DB}, ${WEB}}, ${VOLUMES}}`,
      '6:0-6:0 this is not indented like its neighbours',
    ],
    [
      'the first service too far in',
      line(1, '   db:'),
      `{services: {db: ${DB}, ${WEB}}, ${VOLUMES}}`,
      '6:0-6:0 this is not indented like its neighbours',
    ],
    [
      'a section too far in',
      line(8, ' volumes:'),
      `{services: {db: ${DB}, ${WEB}}, ${VOLUMES}}`,
      '8:0-8:0 this is not indented like its neighbours',
    ],
    [
      'an attribute too far in',
      line(2, '     image: postgres:16'),
      `{services: {db: ${DB}, ${WEB}}, ${VOLUMES}}`,
      '3:0-3:0 this is not indented like its neighbours',
    ],
    [
      'a dash among services',
      above(1, '  -'),
      `{services: !{db: ${DB}, ${WEB}}, ${VOLUMES}}`,
      '1:2-1:3 this is no key with a value',
    ],
    [
      'a service twice',
      above(1, '  db:'),
      `{services: {db: !${DB}, ${WEB}}, ${VOLUMES}}`,
      '2:2-2:4 the key "db" is already set above',
    ],
  ])('%s', (_, text, expected, problem) => {
    expect(values(read(text).root)).toBe(expected);
    expect(problemsOf(text)).toEqual([problem]);
  });

  test('places are those of the text', () => {
    const { root } = read(above(6, '  "'));
    const services = child(root!, 'services')!;
    expect(place(child(services, 'db')!.span)).toBe('2:4-5:12');
    expect(place(entryOf(services, 'web')!.key.span)).toBe('7:2-7:5');
    expect(place(child(child(services, 'web'), 'image')!.span)).toBe('8:11-8:16');
  });

  test('what leans on a broken fragment is broken, too', () => {
    const text = 'x-a: &a\n  image: "x\n  user: y\nservices:\n  s:\n    <<: *a\n  t:\n    image: z\n';
    expect(values(read(text).root)).toBe(
      '{x-a: {image: !"", user: "y"}, services: {s: {^image: !"", ^user: "y"}, t: {image: "z"}}}',
    );
  });

  test('a file that is no block is read as far as the library can', () => {
    expect(values(read('{a: 1, b: [').root)).toBe('{a: 1, b: []}');
    expect(values(read('"').root)).toBe('""');
  });

  test('a document behind a broken one is not mixed with it', () => {
    expect(values(read(`---\n${line(2, '    image: "p')}---\nservices: {x: {}}\n`).root)).toContain(WEB);
    expect(values(read(`${line(2, '    image: "p')}---\nservices: {x: {}}\n`).root)).not.toContain('x:');
  });
});

describe('comments of a file that is broken', () => {
  const suppressed = (text: string): number[] =>
    suppressionsOf(sourceOf(text)).map(({ span }) => rangeOf(span).start.line);

  test('count behind a quote that is not closed', () => {
    expect(suppressed(above(6, '  # persistence-ignore missing-volume'))).toEqual([6]);
    expect(suppressed(line(2, '    image: "postgres').replace('  web:', '  # persistence-ignore\n  web:'))).toEqual([
      6,
    ]);
  });

  test('count at lone carriage returns', () => {
    expect(suppressionsOf(sourceOf('a:\r  # persistence-ignore\r  b: 1\r')).map((one) => one.line)).toEqual([2]);
  });
});
