// Projects on the engine, in folders of their own, and how the product reads them.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { compose, environment } from './container-engine.mjs';
import { LIVE } from './paths.mjs';

/** As many servers, each with a volume. Without a network, what they are asked is asked inside them. */
export function serversText(count) {
  const names = Array.from({ length: count }, (_, i) => `s${i}`);
  const services = names.map(
    (name) => `  ${name}:\n    image: redis:7\n    network_mode: none\n    volumes: [${name}:/data]\n`,
  );
  return `services:\n${services.join('')}volumes:\n${names.map((name) => `  ${name}:\n`).join('')}`;
}

/** A server and an application that keeps its notes in a file. */
export const PAIR = `services:
  cache:
    image: redis:7
    volumes: [cache:/data]
  app:
    image: persistence/app:1
    environment: { DATABASE_URL: "sqlite:////data/app.db" }
    volumes: [app:/data]
volumes: { cache: , app: }
`;

/** What is remembered between runs goes here, not to the user's own. */
const STATE = path.join(LIVE, 'state');

/** Of our process: the settings of the user's own engines are none of it. */
export const surroundings = { ...environment, XDG_STATE_HOME: STATE };

const load = () => import(path.join(LIVE, 'entries/live.js'));

export class LiveProject {
  constructor(name, text) {
    this.name = `bench-${process.pid}-${name}`;
    this.folder = path.join(LIVE, this.name);
    this.file = path.join(this.folder, 'compose.yaml');
    fs.mkdirSync(this.folder, { recursive: true });
    fs.writeFileSync(this.file, text);
  }

  up = () => compose(this.folder, this.name, 'up', '-d', '--pull', 'never');
  down = () => compose(this.folder, this.name, 'down', '--volumes', '-t', '1');

  async analysed() {
    const { createLinter, diskFiles, DEFAULT_SETTINGS } = await load();
    const selection = { files: [this.file], projectName: this.name, root: this.folder };
    const { analysed, errors } = await createLinter(diskFiles()).lint(selection, DEFAULT_SETTINGS);
    if (errors.length > 0) throw new Error(errors[0].message);
    return analysed;
  }
}
