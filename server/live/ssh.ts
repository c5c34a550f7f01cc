/**
 * Engines behind ssh, reached as the Docker command line reaches them: the ssh program runs `docker system dial-stdio`
 * over there. It knows the user's keys, agent, jump hosts and known hosts; a library in its place would verify no host.
 */
import { spawn } from 'node:child_process';
import * as http from 'node:http';
import { Duplex } from 'node:stream';
import type { Address } from './address.ts';
import { EngineFault } from './fault.ts';

type SshAddress = Extract<Address, { kind: 'ssh' }>;

export function sshArguments({ host, user, port, path }: SshAddress): string[] {
  const remote = path === undefined ? [] : ['--host', `unix://${quoted(path)}`];
  return [
    // Nobody is there to answer a question.
    ...['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=15', '-T'],
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    ...['--', host, 'docker', ...remote, 'system', 'dial-stdio'],
  ];
}

/** A shell over there reads it. */
const quoted = (path: string): string => (/^[\w./@:-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`);

export function sshAgent(address: SshAddress, endpoint: string): http.Agent {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
  agent.createConnection = () => dial(address, endpoint);
  return agent;
}

function dial(address: SshAddress, endpoint: string): Duplex {
  const child = spawn('ssh', sshArguments(address), { stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
  let said = '';
  let heard = false;
  child.stderr.on('data', (data: Buffer) => {
    said = (said + data.toString('utf8')).slice(-500);
  });
  const fail = (why: string): EngineFault =>
    new EngineFault(
      'ssh',
      `ssh could not reach the engine at ${endpoint} (${why.replace(/\s+/g, ' ').trim()}). Try it by hand: ssh ${address.host} docker version.`,
    );
  const stream: Duplex = new Duplex({
    read: () => child.stdout.resume(),
    write: (chunk, _encoding, done) => void child.stdin.write(chunk, () => done()),
    final: (done) => void child.stdin.end(() => done()),
    destroy: (error, done) => {
      child.kill();
      done(error);
    },
  });
  child.stdout.on('data', (data: Buffer) => {
    heard = true;
    if (!stream.push(data)) child.stdout.pause();
  });
  child.stdin.on('error', () => undefined);
  child.on('error', (error: NodeJS.ErrnoException) =>
    stream.destroy(fail(error.code === 'ENOENT' ? 'there is no ssh program' : error.message)),
  );
  child.on('close', (code) => {
    if (heard) stream.push(null);
    else stream.destroy(fail(said || `ssh ended with ${code}`));
  });
  // http.ClientRequest calls these on every socket.
  return Object.assign(stream, {
    setTimeout: () => stream,
    setNoDelay: () => stream,
    setKeepAlive: () => stream,
    ref: () => stream,
    unref: () => stream,
  });
}
