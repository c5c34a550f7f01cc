/** What people are told to type where Quadlet runs a service: the order in which nothing is lost was tried out on Podman. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { layOut } from './cases.ts';
import { lintFolder } from './linting.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) fs.rmSync(path.dirname(folder), { recursive: true, force: true });
});

async function stepsOf(rule: string, files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const folder = layOut({ files: new Map(Object.entries(files)), head: new Map() });
  folders.push(folder);
  const { findings } = await lintFolder(folder);
  return findings.find((finding) => finding.rule === rule)?.fixes()[0]?.steps ?? [];
}

const NOTE =
  'These commands are for units of one user: for units below /etc/containers it is sudo systemctl and sudo podman';
const MOUNTS = `podman inspect -f '{{range .Mounts}}{{.Name}} {{.Source}} {{.Destination}}{{"\\n"}}{{end}}'`;

test('what is in the container itself is exported, because a copy would belong to root', async () => {
  const vectors = '[Container]\nImage=docker.io/qdrant/qdrant:v1.12.0\n';
  expect(await stepsOf('missing-volume', { 'vectors.container': vectors })).toEqual([
    NOTE,
    `See where the data is now: ${MOUNTS} systemd-vectors. What is in no mount is in the container itself, and is deleted with it when the unit stops`,
    'Do not stop the unit. Pause it, so that nothing more is written: podman pause systemd-vectors',
    'Save what is in the container: podman export -o vectors-container.tar systemd-vectors. It is what a power cut would leave, from which databases recover',
    'Apply this change',
    'Make the new volume: systemctl --user daemon-reload && systemctl --user start vectors-data-volume.service',
    'Copy the data: podman run --rm -i -v systemd-vectors-data:/to alpine tar -xpf - -C /to --strip-components=2 qdrant/storage < vectors-container.tar',
    'See that it is there before you go on: podman run --rm -v systemd-vectors-data:/to alpine ls -lA /to',
    'Exchange the container: systemctl --user daemon-reload && systemctl --user restart vectors.service. Keep vectors-container.tar until you have seen your data',
  ]);
});

test('an anonymous volume is copied while the container that holds it is there', async () => {
  const db = '[Container]\nContainerName=shop-db\nImage=docker.io/library/postgres:16\n';
  expect(await stepsOf('quadlet-anonymous-volume', { 'db.container': db })).toEqual([
    NOTE,
    `See where the data is now: ${MOUNTS} shop-db. The 64-digit name beside /var/lib/postgresql/data is the old volume, and is deleted when the unit stops: note it`,
    'Do not stop the unit. Pause it, so that nothing more is written: podman pause shop-db',
    'Apply this change',
    'Make the new volume: systemctl --user daemon-reload && systemctl --user start db-data-volume.service',
    'Copy the data: podman run --rm -v <64-digit name>:/from:ro -v systemd-db-data:/to alpine cp -a /from/. /to/',
    'See that it is there before you go on: podman run --rm -v systemd-db-data:/to alpine ls -lA /to',
    'Exchange the container: systemctl --user daemon-reload && systemctl --user restart db.service',
  ]);
});

test('a folder that is a mount point of the container is left alone', async () => {
  const db = '[Container]\nImage=docker.io/library/postgres:16\nVolume=db.volume:/var/lib/postgresql\n';
  const steps = await stepsOf('mount-parent-of-image-volume', { 'db.container': db, 'db.volume': '[Volume]\n' });
  expect(steps.slice(4, 6)).toEqual([
    'Let systemd read it: systemctl --user daemon-reload',
    'See that nothing is in it but the empty data: podman run --rm -v systemd-db:/to alpine find /to. What else is listed is an older copy of the data: do not copy over it, keep the two apart',
  ]);
});

test('a setting moves what is in the container below a mount, a database with its logs', async () => {
  const app = `[Container]
Image=registry.example.org/app:1
WorkingDir=/opt/app
Environment=DATABASE_URL=sqlite+aiosqlite:///web.db
Volume=%h/app:/opt/app-data:Z
`;
  const steps = await stepsOf('relative-sqlite-url', { 'app.container': app });
  expect(steps.slice(4, 7)).toEqual([
    'See that nothing is at /opt/app-data/web.db: podman cp systemd-app:/opt/app-data/web.db ./app-found has to fail. If it does not, keep what is there and choose another name',
    'Apply this change',
    `Copy the data: podman run --rm -i --security-opt label=disable -v ~/app:/to alpine sh -c 'mkdir /x && tar -xpf - -C /x opt/app && for f in /x/opt/app/web.db*; do cp -a "$f" "/to/web.db\${f#/x/opt/app/web.db}"; done' < app-container.tar`,
  ]);
});

test('what is on the host or in memory outlives nothing but a stop', async () => {
  const db = '[Container]\nImage=docker.io/library/postgres:16\nTmpfs=/var/lib/postgresql/data\n';
  expect(await stepsOf('tmpfs-for-data', { 'db.container': db })).toEqual([
    'What is there now is in memory and goes with the next stop: dump it while db runs',
    'Apply this change',
    'systemctl --user daemon-reload && systemctl --user restart db.service, then load the dump',
  ]);
});
