/** `composePersistence/projects`: how each open document is linted, for editors that show it. */
import type { Connection } from 'vscode-languageserver/node';
import { isProject } from '../lint/lint-all.ts';
import type { ProjectFiles, ProjectsMethod, ProjectsParams } from '../protocol.ts';
import type { Client } from './client.ts';
import { uriOf } from './convert.ts';
import type { Documents } from './documents.ts';
import type { LoadEngine } from './engine.ts';
import type { Projects } from './projects.ts';

const METHOD: ProjectsMethod = 'composePersistence/projects';

export interface TellerParts {
  readonly connection: Connection;
  readonly client: Client;
  readonly documents: Documents;
  readonly projects: Projects;
  readonly loadEngine: LoadEngine;
}

export class Teller {
  private readonly parts: TellerParts;
  private readonly told = new Map<string, string>();

  constructor(parts: TellerParts) {
    this.parts = parts;
  }

  /** Tells what has changed since it was last told. */
  async report(): Promise<void> {
    const { client, documents } = this.parts;
    if (!client.showsProjects) return;
    const open = new Set<string>();
    for (const path of documents.paths()) {
      const uri = uriOf(documents, path);
      open.add(uri);
      const projects = await this.projectsOf(path);
      if (projects) await this.tell({ uri, projects });
    }
    for (const uri of this.told.keys()) {
      if (open.has(uri)) continue;
      await this.tell({ uri, projects: [] });
      this.told.delete(uri);
    }
  }

  private async projectsOf(path: string): Promise<ProjectFiles[] | null> {
    const { documents, projects, loadEngine } = this.parts;
    const { lintedAs } = await loadEngine();
    const own = projects.ownOf(path);
    return (
      own
        ?.filter(({ selection }) => isProject(selection))
        .map(({ selection, outcome }) => ({
          title: lintedAs(selection),
          files: selection.files.map((file) => uriOf(documents, file)),
          ...(outcome ? { name: outcome.analysed.project.name } : {}),
        })) ?? null
    );
  }

  private async tell(params: ProjectsParams): Promise<void> {
    const content = JSON.stringify(params.projects);
    if ((this.told.get(params.uri) ?? '[]') === content) return;
    this.told.set(params.uri, content);
    await this.parts.connection.sendNotification(METHOD, params);
  }
}
