/** Settings of each project: the editor's, over those of the nearest configuration file. */
import type { Files } from '../files.ts';
import type { Settings, SettingsProblem } from '../lint/model.ts';
import { type Client, isRecord } from './client.ts';
import type { LoadEngine } from './engine.ts';
import { baseName, directoryOf, isWithin, toUri } from './uris.ts';

export const SECTION = 'composePersistence';
/** Of the editor alone: nothing that a configuration file could say. */
const EDITOR_ONLY: readonly string[] = ['codeLens', 'engine', 'trace', 'verify'];

export const CONFIGURATION_FILE = '.compose-persistence.yaml';

interface Read {
  readonly settings: Settings;
  readonly problems: readonly SettingsProblem[];
  /** What `exclude` is relative to: the folder of the configuration file, and the workspace folder. */
  readonly bases: readonly string[];
}

export interface ConfigurationParts {
  readonly client: Client;
  readonly files: Files;
  readonly loadEngine: LoadEngine;
  /** `workspace/configuration` for one resource. */
  readonly ask: (scopeUri: string) => Promise<unknown>;
}

export class Configuration {
  private readonly parts: ConfigurationParts;
  private folders: readonly string[];
  private pushed: unknown;
  private readonly asked = new Map<string, Promise<unknown>>();
  private readonly read = new Map<string, Read>();

  constructor(parts: ConfigurationParts) {
    this.parts = parts;
    this.folders = parts.client.folders;
    this.pushed = parts.client.settings;
  }

  static isFile(path: string): boolean {
    return baseName(path) === CONFIGURATION_FILE;
  }

  changeFolders(added: readonly string[], removed: readonly string[]): void {
    this.folders = [...this.folders.filter((folder) => !removed.includes(folder)), ...added];
    this.forget();
  }

  /** Settings that came with `workspace/didChangeConfiguration`, from editors that cannot be asked. */
  setPushed(settings: unknown): void {
    if (settings !== undefined && settings !== null) this.pushed = settings;
    this.forget();
  }

  forget(): void {
    this.asked.clear();
    this.read.clear();
  }

  workspaceFolders(): readonly string[] {
    return this.folders;
  }

  /** The innermost workspace folder that holds `path`. */
  folderOf(path: string): string | null {
    return this.folders
      .filter((folder) => isWithin(path, folder))
      .reduce<string | null>((best, folder) => (best && best.length >= folder.length ? best : folder), null);
  }

  async settingsFor(path: string): Promise<Settings> {
    return (await this.readFor(path)).settings;
  }

  async problemsFor(path: string): Promise<readonly SettingsProblem[]> {
    return (await this.readFor(path)).problems;
  }

  /** Whether code lenses are wanted. */
  async showsCodeLenses(path: string): Promise<boolean> {
    const editor = await this.editorSettings(path);
    return !isRecord(editor) || editor.codeLens !== false;
  }

  /** Whether `exclude` names `path` or a folder above it. */
  async excludes(path: string): Promise<boolean> {
    const { settings, bases } = await this.readFor(path);
    if (settings.exclude.length === 0) return false;
    const { default: picomatch } = await import('picomatch');
    const matches = picomatch([...settings.exclude], { dot: true });
    return bases.some((base) => isWithin(path, base) && partsBelow(path, base).some((part) => matches(part)));
  }

  private async readFor(path: string): Promise<Read> {
    const editor = shared(await this.editorSettings(path));
    const folder = directoryOf(path);
    const key = `${folder}\n${JSON.stringify(editor)}`;
    const known = this.read.get(key);
    if (known) return known;
    const engine = await this.parts.loadEngine();
    const file = engine.findSettingsFile(this.parts.files, folder);
    const top = this.folderOf(path);
    const bases = [...(file ? [directoryOf(file)] : []), ...(top ? [top] : [])];
    const fresh = { ...engine.readSettings(this.parts.files, folder, editor, top ?? undefined), bases };
    this.read.set(key, fresh);
    return fresh;
  }

  private editorSettings(path: string): Promise<unknown> {
    if (!this.parts.client.answersConfiguration) return Promise.resolve(this.pushed);
    const scope = toUri(this.folderOf(path) ?? path);
    const asked = this.asked.get(scope) ?? this.parts.ask(scope);
    this.asked.set(scope, asked);
    return asked;
  }
}

const shared = (settings: unknown): unknown =>
  isRecord(settings)
    ? Object.fromEntries(Object.entries(settings).filter(([name]) => !EDITOR_ONLY.includes(name)))
    : settings;

/** `a`, `a/b`, `a/b/c` for `<base>/a/b/c`. */
function partsBelow(path: string, base: string): string[] {
  const names = path.slice(base.length).split('/').filter(Boolean);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}
