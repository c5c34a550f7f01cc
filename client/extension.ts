/** The VS Code side: starts the server, and does what only an editor can. Nothing is judged here. */
import { commands, type ExtensionContext, type Uri } from 'vscode';
import type { VerifyArguments } from '../server/protocol.ts';
import { Documentation } from './documentation.ts';
import { createServer, type Server } from './server.ts';
import { createStatus, type Status } from './status.ts';
import { type MigrationSteps, Steps } from './steps.ts';
import { Verification } from './verify.ts';

let server: Server | undefined;

/** What other extensions may ask: what the status item says of the document in front. */
export type Api = Pick<Status, 'shown'>;

export function activate(context: ExtensionContext): Api {
  const documentation = new Documentation(context.extensionUri);
  const steps = new Steps();
  /** Named by the server in its code actions and code lenses. */
  const forServer = {
    'composePersistence.showSteps': (value: MigrationSteps) => steps.show(value),
    'composePersistence.openDocumentation': (rule: string) => documentation.open(rule),
    'composePersistence.verify': (value: VerifyArguments) => verification.run(value),
  };
  const started = createServer(context, Object.keys(forServer));
  const verification = new Verification(started, context.workspaceState);
  server = started;
  const forPalette = {
    'composePersistence.verifyPersistence': (uri?: Uri) => verification.pick(uri),
    'composePersistence.showReport': () => started.reports.showLast(),
    'composePersistence.restartServer': () => started.restart(),
    'composePersistence.showOutput': () => started.output.show(),
    'composePersistence.showDocumentation': () => documentation.pick(),
  };
  for (const [name, action] of Object.entries({ ...forServer, ...forPalette })) {
    context.subscriptions.push(commands.registerCommand(name, action));
  }
  const { parts, shown } = createStatus(started);
  context.subscriptions.push(...steps.register(), ...parts);
  return { shown };
}

export const deactivate = (): Promise<void> | undefined => server?.stop();
