/** Reports of real losses as fixtures: `<id>.txt`, what was lost, the files that lost it, and the same ones repaired. */
import * as fs from 'node:fs';
import * as path from 'node:path';

export interface Stage {
  /** Relative path -> text. */
  readonly files: ReadonlyMap<string, string>;
  /** `severity rule file:line:character message`, zero-based: all errors and warnings, and the infos that matter. */
  readonly finds: readonly string[];
}

export interface LossReport {
  readonly id: string;
  /** `where: what was lost, and when`, one line. */
  readonly title: string;
  /** Rules that find it; with `because` those that would. */
  readonly rules: readonly string[];
  /** Why files alone do not show it. Then there are no stages. */
  readonly because?: string;
  readonly broken?: Stage;
  readonly repaired?: Stage;
}

const FOLDER = import.meta.dirname;

/** Files that are no text, by the note behind their name: `app.db (sqlite)`. */
const BINARIES: Record<string, string> = { sqlite: `SQLite format 3\0${'\u0010\0'.repeat(40)}` };

export const readReports = (): LossReport[] =>
  fs
    .readdirSync(FOLDER)
    .filter((name) => /^C\d{3}\.txt$/.test(name))
    .sort()
    .map((name) => readReport(name.slice(0, -4), fs.readFileSync(path.join(FOLDER, name), 'utf8')));

function readReport(id: string, text: string): LossReport {
  const [head = '', ...parts] = text.split(/^=== /m);
  const [title = '', ...notes] = head.trim().split('\n');
  const because = notes.join(' ').replace(/^not from files: /, '');
  const stages = new Map(parts.map((part) => [part.slice(0, part.indexOf('\n')).trim(), stage(part)]));
  const broken = stages.get('broken');
  const repaired = stages.get('repaired');
  if (because !== '') {
    if (parts.length > 0) throw new Error(`${id}: what is not found in files has no stages`);
    return { id, title, rules: [], because };
  }
  if (!broken || !repaired || stages.size !== 2) throw new Error(`${id} has not just a broken and a repaired stage`);
  const rules = [...new Set(broken.finds.map((line) => line.split(' ')[1]!))];
  return { id, title, rules, broken, repaired };
}

function stage(part: string): Stage {
  const files = new Map<string, string>();
  let finds: string[] = [];
  for (const section of part.split(/^--- /m).slice(1)) {
    const end = section.indexOf('\n');
    const name = section.slice(0, end).trim();
    const body = section.slice(end + 1);
    const binary = /^(\S+) \((\w+)\)$/.exec(name);
    if (name === 'finds') finds = body.split('\n').filter((line) => line.trim() !== '');
    else if (binary) files.set(binary[1]!, BINARIES[binary[2]!]!);
    else files.set(name, body);
  }
  return { files, finds };
}
