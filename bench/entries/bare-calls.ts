/** The least that inspecting a project can cost: its containers listed, each inspected and asked for its changes. */
import Dockerode from 'dockerode';

/** As the library comes: with an agent of its own it would write out each request at length. */
export async function bareCalls(socketPath: string, project: string): Promise<number> {
  const docker = new Dockerode({ socketPath });
  const filters = { label: [`com.docker.compose.project=${project}`] };
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(
    containers.flatMap(({ Id }) => {
      const container = docker.getContainer(Id);
      return [container.inspect(), container.changes()];
    }),
  );
  return containers.length;
}

/** The least that asking a server inside its container can cost: one command in each. */
export async function bareCommands(socketPath: string, project: string, argv: readonly string[]): Promise<void> {
  const docker = new Dockerode({ socketPath });
  const filters = { label: [`com.docker.compose.project=${project}`] };
  const containers = await docker.listContainers({ filters });
  await Promise.all(
    containers.map(async ({ Id }) => {
      const command = await docker.getContainer(Id).exec({ Cmd: [...argv], AttachStdout: true, AttachStderr: true });
      const stream = await command.start({ hijack: false, stdin: false });
      for await (const _ of stream);
      const { ExitCode } = await command.inspect();
      if (ExitCode !== 0) throw new Error(`${argv.join(' ')} ended with ${ExitCode}`);
    }),
  );
}
