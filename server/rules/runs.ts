/** What runs the services of a project, in words: when it takes a container away, and what people type to work with it. */
import type { Project, Runtime, Service } from '../project/model.ts';
import { COMPOSE } from './runs/compose.ts';
import { QUADLET } from './runs/quadlet.ts';

export interface Runs {
  readonly engine: 'docker' | 'podman';
  /** Who reads the files, and refuses what it does not understand. */
  readonly reader: 'Compose' | 'Quadlet';
  /** What a service is to it. */
  readonly one: 'service' | 'unit';
  /** Behind "is deleted": when what is only in the container goes. */
  readonly whenGone: string;
  /** Behind "is new": when another container takes its place. */
  readonly whenNew: string;
  /** The everyday steps that do it, in brackets. */
  readonly everyday: string;
  /** What becomes of the content of a volume without a name. */
  readonly anonymous: string;
  /** How a setting is written: `stop_grace_period`, `StopTimeout=`. */
  readonly settings: Readonly<Record<Setting, string>>;
  /** Puts a changed file into effect, whether the service runs or not. */
  up(project: Project, service: Service): string;
  stop(project: Project, service: Service): string;
  /** A command in the running container. `piped`: its input or output goes to a file. */
  exec(project: Project, service: Service, command: string, piped?: boolean): string;
  /** What is mounted in the container, each as one line of these parts. */
  mounts(project: Project, service: Service, parts?: readonly ('Name' | 'Source' | 'Destination')[]): string;
  /** A command of the engine itself, as in `docker volume inspect db_data`. */
  command(project: Project, words: string): string;
  /** Copies what is at `at` in the container to where one stands. */
  copyOut(project: Project, service: Service, at: string): string;
  /** Makes the image of the service anew, and a container of it; a sentence with its command. */
  rebuild(project: Project, service: Service): string;
  /** The name on the engine of a volume that is added to the project. */
  newVolume(project: Project, volume: string): string;
}

export type Setting = 'hostname' | 'stop';

const RUNS: Readonly<Record<Runtime, Runs>> = { compose: COMPOSE, quadlet: QUADLET };

export const runsOf = ({ runtime }: Pick<Project, 'runtime'>): Runs => RUNS[runtime];
