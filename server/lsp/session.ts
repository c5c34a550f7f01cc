/** What the handlers of one connection share. */
import type { Connection } from 'vscode-languageserver/node';
import { diskFiles, type Files, overlay } from '../files.ts';
import { inBackground } from '../history/background.ts';
import { gitHistory } from '../history/git.ts';
import type { Client } from './client.ts';
import { Configuration, SECTION } from './configuration.ts';
import { Documents } from './documents.ts';
import type { LoadEngine } from './engine.ts';
import { createGuard, type Guard } from './guard.ts';
import { LiveDiagnostics } from './live-diagnostics.ts';
import type { Log } from './log.ts';
import { Projects } from './projects.ts';
import { Publisher } from './publish-diagnostics.ts';
import { Puller } from './pull-diagnostics.ts';
import { Reports } from './reports.ts';
import { Reviewer } from './review.ts';
import { Scheduler } from './scheduler.ts';
import { Teller } from './tell-projects.ts';
import { type Trusting, trustWatched } from './trust-watched.ts';

export interface Session {
  readonly connection: Connection;
  readonly client: Client;
  readonly log: Log;
  readonly guard: Guard;
  readonly files: Files;
  /** What the editor tells of changes on disk. */
  readonly watched: Trusting;
  readonly reviewer: Reviewer;
  readonly documents: Documents;
  readonly configuration: Configuration;
  readonly projects: Projects;
  readonly reports: Reports;
  readonly live: LiveDiagnostics;
  readonly publisher: Publisher;
  readonly puller: Puller;
  readonly scheduler: Scheduler;
  readonly loadEngine: LoadEngine;
  /** How long typing must pause before it is linted, in ms. */
  readonly debounce: number;
}

export interface SessionParts {
  readonly connection: Connection;
  readonly client: Client;
  readonly log: Log;
  readonly loadEngine: LoadEngine;
  readonly debounce: number;
  /** How long nobody types before what is remembered is looked at, in ms. */
  readonly reviewPause: number;
}

export function createSession(parts: SessionParts): Session {
  const { connection, client, log } = parts;
  const documents = new Documents();
  const disk = diskFiles();
  const watched = trustWatched(disk);
  const files = overlay(watched, documents.sources);
  const ask = async (scopeUri: string): Promise<unknown> => {
    try {
      return await connection.workspace.getConfiguration({ scopeUri, section: SECTION });
    } catch (error) {
      log.fault('workspace/configuration', error);
      return null;
    }
  };
  const configuration = new Configuration({ client, files, loadEngine: parts.loadEngine, ask });
  const shared = { ...parts, guard: createGuard(log), files, watched, documents, configuration };
  // What git remembers is read aside: the findings that need it come with a later round.
  const history = inBackground(gitHistory(), (remembered) => {
    for (const file of remembered) projects.touch(file);
    scheduler.soon(parts.debounce);
  });
  const projects: Projects = new Projects({ ...shared, history });
  const live = new LiveDiagnostics(files);
  const reports = new Reports({ ...shared, projects, live });
  const publisher = new Publisher({ ...shared, projects, reports });
  const puller = new Puller({ ...shared, projects, reports });
  const teller = new Teller({ ...shared, projects });
  const round = async (): Promise<void> => {
    await projects.settle();
    await teller.report();
    await publisher.report();
    await puller.report();
    reviewer.soon();
  };
  const scheduler = new Scheduler(round, log);
  const reviewer = new Reviewer({
    ...shared,
    now: overlay(disk, documents.sources),
    projects,
    scheduler: () => scheduler,
    pause: parts.reviewPause,
  });
  return { ...shared, reviewer, projects, live, reports, publisher, puller, scheduler };
}
