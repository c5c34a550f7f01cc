import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { diskFiles } from '../../server/files.ts';
import { applyEdits } from '../../server/fixes/edits.ts';
import { addVariable } from '../../server/fixes/environment.ts';
import { addSetting } from '../../server/fixes/service-key.ts';
import { entryAt, removeUnitLine, setUnitKey } from '../../server/fixes/unit-lines.ts';
import { addNamedVolume, newVolumeName, withoutMount } from '../../server/fixes/volumes.ts';
import type { Project, Service } from '../../server/project/model.ts';
import { loadQuadlet } from '../../server/project/quadlet/load.ts';
import type { Edit } from '../../server/rules/rule.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
});

function load(files: Readonly<Record<string, string>>): { project: Project; db: Service } {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'persistence-units-')));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  const units = Object.keys(files).filter((name) => !name.endsWith('.conf'));
  const project = loadQuadlet(diskFiles(), { files: units.map((name) => `${folder}/${name}`) });
  return { project, db: project.services.find(({ name }) => name === 'db')! };
}

/** The texts of the files that are edited, by name. */
function edited(edits: readonly Edit[] | null): Record<string, string> {
  const all = edits ?? [];
  return Object.fromEntries(
    [...new Set(all.map(({ source }) => source))].map((source) => [
      path.basename(source.path),
      applyEdits(
        source.text,
        all.filter((edit) => edit.source === source),
      ),
    ]),
  );
}

const DB = '[Container]\nImage=docker.io/library/postgres:16\n\n[Install]\nWantedBy=default.target\n';

describe('lines of units', () => {
  test('a volume is mounted at the end of the section, and its unit is new', () => {
    const { project, db } = load({ 'db.container': DB });
    const added = addNamedVolume(project, db, '/var/lib/postgresql/data');
    expect(added?.volume).toBe('db-data');
    expect(edited(added!.edits)).toEqual({
      'db.container': DB.replace(':16\n', ':16\nVolume=db-data.volume:/var/lib/postgresql/data\n'),
      'db-data.volume': '[Volume]\n',
    });
  });

  test('behind the last Volume=, with the line ends of the file', () => {
    const text = '[Container]\r\nImage=postgres:16\r\nVolume=/etc/tz:/etc/tz:ro\r\nNetwork=host\r\n';
    const { project, db } = load({ 'db.container': text });
    expect(edited(addNamedVolume(project, db, '/data')!.edits)).toEqual({
      'db.container': text.replace(':ro\r\n', ':ro\r\nVolume=db-data.volume:/data\r\n'),
      'db-data.volume': '[Volume]\r\n',
    });
  });

  test('no name is given twice', () => {
    const { project, db } = load({ 'db.container': DB, 'db-data.volume': '[Volume]\n', 'db-x.volume': '[Volume]\n' });
    expect(newVolumeName(project, db, '/srv/x')).toBe('db-srv-x');
  });

  test('nothing is added where a drop-in would take it back', () => {
    const { project, db } = load({
      'db.container': DB,
      'db.container.d/own.conf': '[Container]\nVolume=\nVolume=/srv/db:/var/lib/postgresql/data\n',
    });
    expect(addNamedVolume(project, db, '/other')).toBeNull();
  });

  test('nor to a unit that cannot be read', () => {
    const { project, db } = load({ 'db.container': `what is this\n${DB}` });
    expect(addNamedVolume(project, db, '/other')).toBeNull();
  });

  test('settings and variables', () => {
    const { db } = load({ 'db.container': DB });
    const setting = { attribute: 'hostname', value: 'db', key: 'HostName' };
    expect(edited(addSetting(db, setting))).toEqual({ 'db.container': DB.replace(':16\n', ':16\nHostName=db\n') });
    expect(edited(addVariable(db, 'PGDATA', '/data/50% of it'))).toEqual({
      'db.container': DB.replace(':16\n', ':16\nEnvironment="PGDATA=/data/50%% of it"\n'),
    });
  });

  test('a value is changed where it counts', () => {
    const { db } = load({ 'db.container': '[Container]\nImage=x\nStopTimeout=5\nStopTimeout=7\n' });
    expect(edited(setUnitKey(db.unit!, 'StopTimeout', '60'))).toEqual({
      'db.container': '[Container]\nImage=x\nStopTimeout=5\nStopTimeout=60\n',
    });
  });

  test('a line goes with those that continue it', () => {
    const { db } = load({ 'db.container': '[Container]\nVolume=/a:\\\n  /b\nImage=x' });
    const [mount] = db.mounts;
    expect(edited(withoutMount(db, mount!))).toEqual({ 'db.container': '[Container]\nImage=x' });
  });

  test('the last line goes with the line end above it', () => {
    const { db } = load({ 'db.container': '[Container]\nImage=x\nTmpfs=/run' });
    const [mount] = db.mounts;
    const entry = entryAt(db.unit!, mount!.span, ['Tmpfs'])!;
    expect(edited(removeUnitLine(entry))).toEqual({ 'db.container': '[Container]\nImage=x' });
  });

  test('what the arguments of Podman mount has no line', () => {
    const { db } = load({ 'db.container': '[Container]\nImage=x\nPodmanArgs=-v data:/data\n' });
    expect(withoutMount(db, db.mounts[0]!)).toBeNull();
  });
});
