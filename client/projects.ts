/** Which files each open document is linted with, as the server tells. */
import { type Event, EventEmitter, type Uri } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { ProjectFiles, ProjectsMethod, ProjectsParams } from '../server/protocol.ts';

const METHOD: ProjectsMethod = 'composePersistence/projects';

export class Projects {
  readonly #changed = new EventEmitter<void>();
  readonly #byUri = new Map<string, readonly ProjectFiles[]>();
  readonly onDidChange: Event<void> = this.#changed.event;

  /** What an earlier server told no longer counts. */
  listen(client: LanguageClient): void {
    this.#byUri.clear();
    client.onNotification(METHOD, ({ uri, projects }: ProjectsParams) => {
      const known = client.protocol2CodeConverter.asUri(uri).toString();
      if (projects.length > 0) this.#byUri.set(known, projects);
      else this.#byUri.delete(known);
      this.#changed.fire();
    });
  }

  of(uri: Uri): readonly ProjectFiles[] {
    return this.#byUri.get(uri.toString()) ?? [];
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
