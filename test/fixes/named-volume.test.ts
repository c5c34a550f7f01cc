import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../server/fixes/edits.ts';
import { addNamedVolume, newVolumeName } from '../../server/fixes/named-volume.ts';
import type { Project } from '../../server/project/model.ts';
import { projectOf, serviceIn } from './helpers.ts';

const FILE = '/project/compose.yaml';
const PGDATA = '/var/lib/postgresql/data';

function fixed(text: string, target = PGDATA, hint?: string): string | null {
  const project = projectOf({ [FILE]: text });
  const added = addNamedVolume(project, serviceIn(project, 'db'), target, hint);
  return added && applyEdits(text, added.edits);
}

describe('addNamedVolume', () => {
  test('adds the mount and the key', () => {
    expect(fixed('services:\n  db:\n    image: postgres # 16\n\n  web: {}\n')).toBe(
      `services:\n  db:\n    image: postgres # 16\n    volumes:\n      - db_data:${PGDATA}\n\n  web: {}\n\nvolumes:\n  db_data:\n`,
    );
  });
  test('makes one edit where both stand at the end of the text', () => {
    const text = 'services:\n  db:\n    image: postgres';
    const project = projectOf({ [FILE]: text });
    const { edits } = addNamedVolume(project, serviceIn(project, 'db'), PGDATA)!;
    expect(edits).toHaveLength(1);
    expect(applyEdits(text, edits)).toBe(
      `services:\n  db:\n    image: postgres\n    volumes:\n      - db_data:${PGDATA}\n\nvolumes:\n  db_data:`,
    );
  });
  test('adds to lists and maps that are there', () => {
    expect(fixed("volumes:\n    a:\nservices:\n    db:\n        volumes:\n        - 'a:/a'\r\n")).toBe(
      `volumes:\n    a:\n    db_data:\nservices:\n    db:\n        volumes:\n        - 'a:/a'\r\n        - 'db_data:${PGDATA}'\r\n`,
    );
  });
  test('edits one line twice', () => {
    expect(fixed('{services: {db: {image: postgres}}}')).toBe(
      `{services: {db: {image: postgres, volumes: [db_data:${PGDATA}]}}, volumes: {db_data: null}}`,
    );
  });
  test('edits only the file that declares the service first', () => {
    const project = projectOf({
      '/a.yaml': 'services:\n  db:\n    image: postgres\n',
      '/b.yaml': 'services:\n  db:\n    ports: []\nvolumes:\n  db_data:\n',
    });
    const { edits, volume } = addNamedVolume(project, serviceIn(project, 'db'), '/srv/pg')!;
    expect(volume).toBe('db_pg');
    expect(new Set(edits.map((edit) => edit.source.path))).toEqual(new Set(['/a.yaml']));
  });
  test('leaves a target that is mounted', () => {
    expect(fixed(`services:\n  db:\n    volumes: ["${PGDATA}"]\n`)).toBeNull();
  });
  test('leaves services written as aliases, broken ones and those that others extend', () => {
    expect(fixed('x: &x\n  image: postgres\nservices:\n  db: *x\n')).toBeNull();
    const project = projectOf({ [FILE]: 'services:\n  db:\n    image: postgres\n  web:\n    image: a\n' });
    const db = serviceIn(project, 'db');
    const web = serviceIn(project, 'web');
    expect(addNamedVolume(project, { ...db, broken: true }, PGDATA)).toBeNull();
    const lent: Project = {
      ...project,
      services: [db, { ...web, declarations: [web.declarations[0], db.declarations[0]] }],
    };
    expect(addNamedVolume(lent, db, PGDATA)).toBeNull();
    expect(addNamedVolume({ ...project, roots: new Map() }, db, PGDATA)).toBeNull();
  });
  test('makes neither edit where one cannot be made', () => {
    expect(fixed('x: &x\n  a:\nservices:\n  db:\n    image: a\nvolumes: *x\n')).toBeNull();
    expect(fixed('x: &x\n  - a:/b\nservices:\n  db:\n    volumes: *x\n')).toBeNull();
  });
});

describe('newVolumeName', () => {
  const name = (volumes: string, service = 'db', target = PGDATA, hint?: string): string => {
    const project = projectOf({ [FILE]: `services:\n  "${service}":\n    image: a\n${volumes}` });
    return newVolumeName(project, serviceIn(project, service), target, hint);
  };
  test('is the service’s data', () => expect(name('')).toBe('db_data'));
  test('is the hint where that is free', () => {
    expect(name('', 'db', PGDATA, 'pg data!')).toBe('pg_data');
    expect(name('volumes:\n  pgdata:\n', 'db', PGDATA, 'pgdata')).toBe('db_data');
  });
  test('takes parts of the target, then numbers', () => {
    expect(name('volumes:\n  db_data:\n', 'db', '/etc/redis')).toBe('db_redis');
    expect(name('volumes:\n  db_data:\n')).toBe('db_postgresql_data');
    expect(name('volumes:\n  db_data:\n  db_postgresql_data:\n')).toBe('db_data_2');
    expect(name('volumes:\n  db_data:\n  db_data_2:\n', 'db', '/data')).toBe('db_data_3');
  });
  test('avoids names on the engine and names that are only mounted', () => {
    expect(name('volumes:\n  a:\n    name: shop_db_data\n', 'db', '/x')).toBe('db_x');
    expect(name('  web:\n    volumes: [db_data:/y]\n', 'db', '/x')).toBe('db_x');
  });
  test('keeps to the alphabet of volume names', () => {
    expect(name('', 'my db/é')).toBe('my_db_data');
    expect(name('', '_db')).toBe('db_data');
    expect(name('volumes:\n  db_data:\n', 'db', '/var/lib/My Data')).toBe('db_My_Data');
  });
});
