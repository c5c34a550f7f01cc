/** What people type to get at the container of an image; of a Dockerfile by itself nobody knows its name. */
import type { Project, Service } from '../../project/model.ts';
import { runsOf } from '../runs.ts';

/** Copies `at` to where one stands. */
export const copyOut = (project: Project, service: Service | undefined, at: string): string =>
  project.imageOnly || !service ? `docker cp <container>:${at} .` : runsOf(project).copyOut(project, service, at);

/** Makes the image anew, and a container of it. */
export const rebuild = (project: Project, service: Service): string =>
  project.imageOnly ? 'Build the image and make a new container' : runsOf(project).rebuild(project, service);
