/** What people type to get at the container of an image, whoever runs it. */
import type { Project, Service } from '../../project/model.ts';
import { containerName } from '../runs/quadlet.ts';
import { runsOf } from '../runs.ts';

/** Copies `at` to where one stands. */
export function copyOut(project: Project, service: Service | undefined, at: string): string {
  if (project.imageOnly || !service) return `docker cp <container>:${at} .`;
  return project.runtime === 'quadlet'
    ? runsOf(project).command(project, `cp ${containerName(service)}:${at} .`)
    : `docker compose cp ${service.name}:${at} .`;
}

/** Makes the image anew, and a container of it. */
export function rebuild(project: Project, service: Service): string {
  if (project.imageOnly) return 'Build the image and make a new container';
  return project.runtime === 'quadlet'
    ? `Build the image anew and make a new container: ${runsOf(project).up(project, service)}`
    : `Build and start again: docker compose up -d --build ${service.name}`;
}
