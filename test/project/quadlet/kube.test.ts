import { describe, expect, test } from 'vitest';
import { at, mountLine, problems, service, units } from './reading.ts';

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: shop
  labels: {app: shop}
spec:
  restartPolicy: OnFailure
  terminationGracePeriodSeconds: 60
  containers:
    - name: db
      image: docker.io/library/postgres:16
      imagePullPolicy: IfNotPresent
      args: ["postgres", "-c", "fsync=off"]
      securityContext: {runAsUser: 999, readOnlyRootFilesystem: true}
      env:
        - {name: PGDATA, value: /data/pg}
        - name: PASSWORD
          valueFrom: {secretKeyRef: {name: s, key: k}}
      volumeMounts:
        - name: data
          mountPath: /data/
        - {name: host, mountPath: /host, readOnly: true}
        - {name: scratch, mountPath: /scratch}
        - {name: memory, mountPath: /memory}
        - {name: settings, mountPath: /settings}
        - {name: gone, mountPath: /gone}
        - {name: odd, mountPath: /odd}
  volumes:
    - name: data
      persistentVolumeClaim: {claimName: pg}
    - {name: host, hostPath: {path: /srv/x, type: DirectoryOrCreate}}
    - {name: scratch, emptyDir: {}}
    - {name: memory, emptyDir: {medium: Memory}}
    - {name: settings, configMap: {name: conf}}
    - {name: odd, projected: {}}
`;

const kube = (yaml: string, more: Readonly<Record<string, string>> = {}, unit = '') =>
  units({ 'shop.kube': `[Kube]\nYaml=shop.yaml\n${unit}`, 'shop.yaml': yaml, ...more });

describe('the containers of a pod', () => {
  test('are services, named as Podman names them', () => {
    const found = service(kube(POD), 'shop-db');
    expect([
      at(found.key),
      found.unit?.file,
      found.declarations.map(({ source, node }) => [source.path, node]),
    ]).toEqual(['shop.yaml 9:12-9:14', 'shop.kube', [['/u/shop.yaml', null]]]);
    expect(
      [found.image, found.user, found.pullPolicy, found.restart, found.stopGracePeriod].map((text) => [
        text!.value,
        at(text!.span),
      ]),
    ).toEqual([
      ['docker.io/library/postgres:16', 'shop.yaml 10:13-10:42'],
      ['999', 'shop.yaml 13:35-13:38'],
      ['missing', 'shop.yaml 11:23-11:35'],
      ['on-failure', 'shop.yaml 6:17-6:26'],
      ['60s', 'shop.yaml 7:33-7:35'],
    ]);
    expect([found.command!.words, found.entrypoint, found.readOnly]).toEqual([
      ['postgres', '-c', 'fsync=off'],
      undefined,
      true,
    ]);
    expect([...found.environment.values()].map(({ name, value }) => [name, value])).toEqual([
      ['PGDATA', '/data/pg'],
      ['PASSWORD', null],
    ]);
  });

  test('mount what the pod has: claims, folders, volumes without a name, memory', () => {
    const project = kube(POD);
    const found = service(project, 'shop-db');
    expect(found.mounts.map(mountLine)).toEqual([
      'volume pg /data | shop.yaml 19:10-20:27 | shop.yaml 29:41-29:43 | shop.yaml 20:21-20:27',
      'bind /srv/x /host ro | shop.yaml 21:10-21:56 | shop.yaml 30:36-30:42 | shop.yaml 21:34-21:39',
      'volume - /scratch | shop.yaml 22:10-22:46 | - | shop.yaml 22:37-22:45',
      'tmpfs - /memory | shop.yaml 23:10-23:44 | - | shop.yaml 23:36-23:43',
      'config conf /settings ro | shop.yaml 24:10-24:48 | shop.yaml 33:41-33:45 | shop.yaml 24:38-24:47',
    ]);
    expect(found.mounts[1]!.createHostPath).toBe(true);
    expect(found.mountGaps.map(({ span, message }) => `${at(span)} ${message}`)).toEqual([
      'shop.yaml 26:10-26:38 the volume odd is of a kind that Podman does not know',
    ]);
    expect(problems(project)).toEqual(['shop.yaml 25:10-25:40 the pod has no volume gone']);
    expect([...project.volumes.values()].map(({ key, name, span }) => [key, name, at(span)])).toEqual([
      ['pg', 'pg', 'shop.yaml 29:41-29:43'],
    ]);
  });
});

test('deployments, claims and settings in one file', () => {
  const yaml = `kind: PersistentVolumeClaim
metadata:
  name: pg
  annotations:
    volume.podman.io/driver: local
    volume.podman.io/device: /srv
---
kind: ConfigMap
metadata: {name: conf}
data: {A: "1", B: two}
---
kind: Deployment
metadata: {name: shop}
spec:
  template:
    metadata: {annotations: {io.containers.autoupdate: registry}}
    spec:
      containers:
        - name: web
          image: x
          command: [run, $(A)]
          envFrom: [{configMapRef: {name: conf}}, {secretRef: {name: s}}]
          env: [{name: C, valueFrom: {configMapKeyRef: {name: conf, key: B}}}]
          volumeMounts: [{name: d, mountPath: /d}]
      volumes: [{name: d, persistentVolumeClaim: {claimName: pg}}]
`;
  const project = kube(yaml);
  const found = service(project, 'shop-pod-web');
  expect([...found.environment.values()].map(({ name, value }) => [name, value])).toEqual([
    ['C', 'two'],
    ['A', '1'],
    ['B', 'two'],
  ]);
  expect(found.environmentGaps.map(({ message }) => message)).toEqual(['what the secret sets is not known here']);
  expect([found.entrypoint!.words, found.entrypoint!.unresolved.map(({ variable }) => variable)]).toEqual([
    ['run', '$(A)'],
    ['A'],
  ]);
  expect([...found.labels]).toEqual([['io.containers.autoupdate', 'registry']]);
  expect(
    [...project.volumes.values()].map(({ key, driver, driverOpts, span }) => [key, driver, [...driverOpts], at(span)]),
  ).toEqual([['pg', 'local', [['device', '/srv']], 'shop.yaml 2:8-2:10']]);
});

test('a claim on the volume that a unit makes is that volume', () => {
  const yaml =
    'kind: Pod\nmetadata: {name: p}\nspec:\n  containers: [{name: c, image: x, volumeMounts: [{name: v, mountPath: /v}]}]\n  volumes: [{name: v, persistentVolumeClaim: {claimName: systemd-data}}]\n';
  const project = kube(yaml, { 'data.volume': '[Volume]\n' });
  expect([service(project, 'p-c').mounts[0]!.source, [...project.volumes.keys()]]).toEqual(['data', ['data']]);
});

test('relative folders of the host start where Podman runs', () => {
  const yaml =
    'kind: Pod\nmetadata: {name: p}\nspec:\n  containers: [{name: c, image: x, volumeMounts: [{name: v, mountPath: /v}, {name: w, mountPath: /w}]}]\n  volumes: [{name: v, hostPath: {path: ./data}}, {name: w, hostPath: {path: named}}]\n';
  const mounts = (unit: string) =>
    service(kube(yaml, {}, unit), 'p-c').mounts.map(({ type, source, unresolved }) => [
      type,
      source,
      unresolved.length,
    ]);
  expect(mounts('SetWorkingDirectory=yaml\n')).toEqual([
    ['bind', '/u/data', 0],
    ['volume', 'named', 0],
  ]);
  expect(mounts('')[0]).toEqual(['bind', undefined, 1]);
});

test('who is updated by itself', () => {
  const yaml = 'kind: Pod\nmetadata: {name: p}\nspec:\n  containers: [{name: a, image: x}, {name: b, image: y}]\n';
  const project = kube(yaml, {}, 'AutoUpdate=b/local registry\n');
  expect(
    project.services.map(({ name, labelEntries }) => [
      name,
      ...[...labelEntries.values()].map(({ value, span }) => [value, at(span)]),
    ]),
  ).toEqual([
    ['p-a', ['registry', 'shop.kube 2:19-2:27']],
    ['p-b', ['local', 'shop.kube 2:11-2:18']],
  ]);
});

test('what cannot be had is said where it is named', () => {
  const project = units({
    'a.kube': '[Kube]\nYaml=gone.yaml\n',
    'b.kube': '[Kube]\n',
    'c.kube': '[Kube]\nYaml=%h/x.yaml\n',
    'd.kube': '[Kube]\nYaml=d.yaml\n',
    'd.yaml': 'a: [',
  });
  expect(problems(project).slice(0, 3)).toEqual([
    'a.kube 1:5-1:14 gone.yaml does not exist',
    'b.kube 0:0-0:6 no Yaml= is set',
    'c.kube 1:5-1:14 %h/x.yaml is named by %h, which is not known here',
  ]);
  expect(problems(project)[3]).toMatch(/^d\.yaml /);
  expect(project.services).toEqual([]);
});

test('what runs before the containers of a pod is waited for', () => {
  const found = units({
    'shop.kube': '[Kube]\nYaml=shop.yaml\nUserNS=keep-id\n',
    'shop.yaml': `kind: Pod
metadata: {name: shop}
spec:
  initContainers:
    - {name: own, image: docker.io/library/busybox}
    - not a container
  containers:
    - {name: web, image: ghcr.io/acme/web}
`,
  });
  const [own, web] = [service(found, 'shop-own'), service(found, 'shop-web')];
  expect([own?.image?.value, [...own!.dependsOn]]).toEqual(['docker.io/library/busybox', []]);
  expect([...web!.dependsOn]).toEqual([['shop-own', 'service_completed_successfully']]);
  expect([own, web].map((one) => [one?.userNamespace?.value, at(one!.userNamespace!.span)])).toEqual([
    ['keep-id', 'shop.kube 2:7-2:14'],
    ['keep-id', 'shop.kube 2:7-2:14'],
  ]);
});
