/** The rules' pages, which ship with the extension. */
import { commands, FileType, Uri, window, workspace } from 'vscode';

const RULE_NAME = /^[a-z0-9-]+$/;
/** A heading, or who wrote the page. */
const NO_PROSE = /^(#\s|<!--|\s*$)/;

const exists = (file: Uri): Promise<boolean> =>
  Promise.resolve(workspace.fs.stat(file)).then(
    () => true,
    () => false,
  );

/** The first line of prose below the heading. */
async function summary(page: Uri): Promise<string> {
  const text = new TextDecoder().decode(await workspace.fs.readFile(page));
  return text.split(/\r?\n/).find((line) => !NO_PROSE.test(line)) ?? '';
}

export class Documentation {
  readonly #folder: Uri;

  constructor(extension: Uri) {
    this.#folder = Uri.joinPath(extension, 'docs', 'rules');
  }

  /** Opens the page of a rule. */
  async open(rule: string): Promise<void> {
    const page = Uri.joinPath(this.#folder, `${rule}.md`);
    if (!RULE_NAME.test(rule) || !(await exists(page))) {
      void window.showWarningMessage(`There is no page about a rule "${rule}".`);
      return;
    }
    await commands.executeCommand('markdown.showPreview', page);
  }

  /** Lets one rule be picked, then opens its page. */
  async pick(): Promise<void> {
    const picked = await window.showQuickPick(this.#rules(), {
      placeHolder: 'Rule to read about',
      matchOnDetail: true,
    });
    if (picked) await this.open(picked.label);
  }

  async #rules(): Promise<{ label: string; detail: string }[]> {
    const entries = await workspace.fs.readDirectory(this.#folder);
    const pages = entries
      .filter(([name, type]) => type === FileType.File && name.endsWith('.md'))
      .map(([name]) => name);
    return Promise.all(
      pages.sort().map(async (name) => ({
        label: name.slice(0, -'.md'.length),
        detail: await summary(Uri.joinPath(this.#folder, name)),
      })),
    );
  }
}
