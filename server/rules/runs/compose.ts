/** `docker compose`, in words. */
import type { Runs } from '../runs.ts';
import { mountsFormat } from './format.ts';

export const COMPOSE: Runs = {
  engine: 'docker',
  reader: 'Compose',
  one: 'service',
  whenGone: 'when the container is recreated (up --build, pull, down)',
  whenNew: 'whenever the container is recreated (up --build, pull, down)',
  everyday: '(up --build, pull, down)',
  anonymous: 'goes to an anonymous volume, which `down` and the next `up` leave behind',
  settings: { hostname: '`hostname:`', stop: 'stop_grace_period' },
  up: (_, { name }) => `docker compose up -d ${name}`,
  stop: (_, { name }) => `docker compose stop ${name}`,
  exec: (_, { name }, command, piped) => `docker compose exec ${piped ? '-T ' : ''}${name} ${command}`,
  mounts: (_, { name }, parts = ['Name', 'Source', 'Destination']) =>
    `docker inspect -f ${mountsFormat(parts)} $(docker compose ps -aq ${name})`,
  command: (_, words) => `docker ${words}`,
  copyOut: (_, { name }, at) => `docker compose cp ${name}:${at} .`,
  rebuild: (_, { name }) => `Build and start again: docker compose up -d --build ${name}`,
  newVolume: ({ name }, volume) => `${name}_${volume}`,
};
