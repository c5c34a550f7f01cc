/** The engine's API alone, where there is no Compose: containers are made of what our model says of the project. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type Dockerode from 'dockerode';
import type { Mount, Project, Service } from '../../server/project/model.ts';
import type { Driver, Step } from './driver.ts';
import type { EngineUnderTest } from './engines.ts';
import type { OnDisk } from './project.ts';

const STEPS = {
  restart: { event: 'restart', how: 'API: restart' },
  kill: { event: 'crash', how: 'API: kill, start' },
  recreate: { event: 'recreate', how: 'API: remove, create with the same volumes' },
  down: { event: 'down', how: 'API: remove, create' },
  downVolumes: { event: 'down-volumes', how: 'API: remove with volumes, create' },
} as const satisfies Record<string, Step>;

export const apiSteps: readonly Step[] = Object.values(STEPS);

export function apiDriver({ docker, kind, restartPolicy }: EngineUnderTest, on: OnDisk, project: Project): Driver {
  const label = { 'com.docker.compose.project': on.name };
  const image = (service: Service) => service.image?.value ?? `${on.name}-${service.name}:latest`;
  const container = (service: Service) => docker.getContainer(`${on.name}-${service.name}-1`);
  const used = () =>
    [...project.volumes.values()].filter((volume) =>
      project.services.some(({ mounts }) =>
        mounts.some((mount) => mount.type === 'volume' && mount.source === volume.key),
      ),
    );

  async function build(service: Service): Promise<void> {
    const { context, args } = service.build!;
    const src = fs.readdirSync(context);
    const buildargs = Object.fromEntries([...args].map(([key, value]) => [key, value ?? '']));
    const stream = await docker.buildImage({ context, src }, { t: image(service), buildargs });
    await new Promise<void>((resolve, reject) =>
      docker.modem.followProgress(stream, (error, output: { error?: string }[]) => {
        const failed = error ?? output?.find((one) => one.error)?.error;
        if (failed) reject(failed instanceof Error ? failed : new Error(String(failed)));
        else resolve();
      }),
    );
  }

  /** `binds`: mounts that are known by the volumes they had. */
  async function start(service: Service, binds: readonly string[] = []): Promise<void> {
    const bound = new Set(binds.map((bind) => bind.split(':')[1]));
    const mounts = service.mounts.filter((mount) => !bound.has(mount.target));
    for (const mount of mounts) if (mount.type === 'bind') fs.mkdirSync(mount.source!, { recursive: true });
    const made = await docker.createContainer({
      name: `${on.name}-${service.name}-1`,
      Image: image(service),
      Labels: { ...label, 'com.docker.compose.service': service.name },
      HostConfig: {
        NetworkMode: 'none',
        RestartPolicy: { Name: restartPolicy },
        Binds: [...binds],
        Mounts: mounts.filter((mount) => mount.type !== 'tmpfs').map((mount) => settings(mount, project)),
        Tmpfs: Object.fromEntries(mounts.filter((mount) => mount.type === 'tmpfs').map((mount) => [mount.target, ''])),
      },
    });
    await made.start();
  }

  async function up(): Promise<void> {
    for (const volume of used()) {
      if (volume.external) continue;
      const DriverOpts = Object.fromEntries(volume.driverOpts);
      await docker.createVolume({ Name: volume.name, Labels: label, DriverOpts });
    }
    for (const service of project.services) await start(service);
  }

  const ways: Record<keyof typeof STEPS, () => Promise<void>> = {
    async restart() {
      for (const service of project.services) await container(service).restart({ t: kind === 'podman' ? 3 : 0 });
    },
    async kill() {
      for (const service of project.services) {
        await container(service).kill();
        await container(service).wait();
        await container(service).start();
      }
    },
    async recreate() {
      for (const service of project.services) {
        const { Mounts } = await container(service).inspect();
        await container(service).remove({ force: true });
        const volumes = Mounts.filter(({ Type, Name }) => Type === 'volume' && Name);
        await start(
          service,
          volumes.map(({ Name, Destination, RW }) => `${Name}:${Destination}:${RW ? 'rw' : 'ro'}`),
        );
      }
    },
    async down() {
      for (const service of project.services) await container(service).remove({ force: true });
      await up();
    },
    async downVolumes() {
      for (const service of project.services) await container(service).remove({ force: true, v: true });
      for (const volume of used()) if (!volume.external) await docker.getVolume(volume.name).remove();
      await up();
    },
  };
  const byStep = new Map<Step, keyof typeof STEPS>(
    (Object.keys(STEPS) as (keyof typeof STEPS)[]).map((name) => [STEPS[name], name]),
  );
  return {
    steps: [...byStep.keys()],
    async up() {
      for (const service of project.services) if (service.build) await build(service);
      await up();
    },
    carryOut: (step) => ways[byStep.get(step)!](),
    async remove() {
      for (const service of project.services)
        await container(service)
          .remove({ force: true, v: true })
          .catch(() => {});
      for (const volume of used())
        await docker
          .getVolume(volume.name)
          .remove()
          .catch(() => {});
      for (const service of project.services)
        if (service.build)
          await docker
            .getImage(image(service))
            .remove({ force: true })
            .catch(() => {});
    },
  };
}

function settings(mount: Mount, project: Project): Dockerode.MountSettings {
  const place = { Target: mount.target, ReadOnly: mount.readOnly };
  if (mount.type === 'bind') return { ...place, Type: 'bind', Source: path.resolve(mount.source!) };
  // An empty source is a volume without a name.
  const source = mount.source === undefined ? '' : project.volumes.get(mount.source)!.name;
  return { ...place, Type: 'volume', Source: source };
}
