/** How to carry existing data over, shown beside the file after a fix that changes where the data is looked for. */
import { commands, type Disposable, EventEmitter, type TextDocumentContentProvider, Uri, workspace } from 'vscode';

const SCHEME = 'compose-persistence-steps';

export interface MigrationSteps {
  readonly title: string;
  readonly steps: readonly string[];
}

const INTRODUCTION =
  'The file was changed, and nothing else was done. If the service holds data already, these steps keep it: take them **before** the service is next brought up.';

/** The command that a step ends with, or that a sentence follows. */
const COMMAND = /(?<=: )(?:docker|podman) .+?(?=\. [A-Z]|$)/;

const literal = (text: string): string => text.replace(/[\\`*_{}[\]<>()#+\-.!|$]/g, '\\$&');

/** A step is plain text; its command becomes a block of its own, to be copied. */
function item(step: string): string {
  const command = COMMAND.exec(step);
  if (!command) return literal(step);
  const before = step.slice(0, command.index).trimEnd();
  const after = step.slice(command.index + command[0].length).replace(/^\. /, '');
  return `${literal(before)}\n\n    ~~~sh\n    ${command[0]}\n    ~~~\n\n    ${literal(after)}`;
}

const page = ({ title, steps }: MigrationSteps): string =>
  [`# ${literal(title)}`, INTRODUCTION, ...steps.map((step, index) => `${index + 1}.  ${item(step)}`)].join('\n\n');

export class Steps implements TextDocumentContentProvider {
  readonly #changed = new EventEmitter<Uri>();
  readonly onDidChange = this.#changed.event;
  #page = '';

  register(): Disposable[] {
    return [this.#changed, workspace.registerTextDocumentContentProvider(SCHEME, this)];
  }

  provideTextDocumentContent(): string {
    return this.#page;
  }

  async show(steps: MigrationSteps): Promise<void> {
    const uri = Uri.from({ scheme: SCHEME, path: '/Migration steps.md' });
    this.#page = page(steps);
    this.#changed.fire(uri);
    // Locked: it stays while other Markdown is looked at.
    await commands.executeCommand('markdown.showLockedPreviewToSide', uri);
  }
}
