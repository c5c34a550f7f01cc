/** Which Rust files are part of the program that a container runs. */
import * as path from 'node:path';
import type { Source } from '../../../syntax/source.ts';
import { type Building, invocations, programNames } from './built.ts';

interface Crate {
  readonly folder: string;
  readonly name: string;
  readonly text: string;
  readonly files: Source[];
  /** Programs: name -> what only it is made of. */
  readonly programs: ReadonlyMap<string, (file: string) => boolean>;
}

/** `manifests`: the `Cargo.toml` files. */
export function rustFiles(sources: readonly Source[], manifests: readonly Source[], building: Building): Source[] {
  const folders = manifests.map(({ path: at }) => path.posix.dirname(at));
  const crates = manifests.flatMap((manifest) => crateOf(manifest, sources, folders) ?? []);
  const named = namesIn(building);
  const all = crates.flatMap((crate) => [...crate.programs.keys()].map((program) => ({ crate, program })));
  const chosen = all.filter(
    ({ crate, program }) => named.has(program) || (named.has(crate.name) && program === crate.name),
  );
  const running = chosen.length > 0 ? chosen : all;
  const sets = running.map(({ crate, program }) => new Set(filesOf(crate, program, crates)));
  return [...(sets[0] ?? [])].filter((source) => sets.every((set) => set.has(source)));
}

function crateOf(manifest: Source, sources: readonly Source[], folders: readonly string[]): Crate | undefined {
  const folder = path.posix.dirname(manifest.path);
  const name = /^\[package\][^[]*?^\s*name\s*=\s*"([^"]+)"/ms.exec(manifest.text)?.[1];
  if (name === undefined) return undefined;
  const inner = folders.filter((other) => other.startsWith(`${folder}/`));
  const files = sources.filter(
    ({ path: at }) => at.startsWith(`${folder}/src/`) && !inner.some((other) => at.startsWith(`${other}/`)),
  );
  const programs = new Map<string, (file: string) => boolean>();
  const bin = `${folder}/src/bin/`;
  if (files.some(({ path: at }) => at === `${folder}/src/main.rs`)) programs.set(name, (at) => !at.startsWith(bin));
  for (const { path: at } of files) {
    const program = at.startsWith(bin) ? at.slice(bin.length).split('/')[0]!.replace(/\.rs$/, '') : undefined;
    if (program === undefined || programs.has(program)) continue;
    const own = (file: string): boolean => file === `${bin}${program}.rs` || file.startsWith(`${bin}${program}/`);
    programs.set(program, (file) => (file.startsWith(bin) ? own(file) : file !== `${folder}/src/main.rs`));
  }
  for (const [, block] of manifest.text.matchAll(/^\[\[bin\]\]([^[]*)/gm)) {
    const [called, at] = [/name\s*=\s*"([^"]+)"/.exec(block!)?.[1], /path\s*=\s*"([^"]+)"/.exec(block!)?.[1]];
    if (called === undefined || at === undefined) continue;
    const main = path.posix.join(folder, at);
    const before = programs.get(name);
    if (main === `${folder}/src/main.rs` && before) {
      programs.delete(name);
      programs.set(called, before);
    } else if (!main.startsWith(bin))
      programs.set(called, (file) => !file.startsWith(bin) && file !== `${folder}/src/main.rs`);
  }
  return { folder, name, text: manifest.text, files, programs };
}

/** The program's own files, and those of the crates beside it that its manifest names. */
function filesOf(crate: Crate, program: string, crates: readonly Crate[]): Source[] {
  const used = [crate];
  for (const one of used) {
    for (const other of crates) {
      const name = other.name.replace(/[-_]/g, '[-_]');
      if (!used.includes(other) && new RegExp(`^\\s*["']?${name}["']?\\s*[.=]`, 'm').test(one.text)) used.push(other);
    }
  }
  return used.flatMap((one) =>
    one.files.filter(({ path: at }) =>
      one === crate ? crate.programs.get(program)!(at) : !at.startsWith(`${one.folder}/src/bin/`),
    ),
  );
}

function namesIn(building: Building): ReadonlySet<string> {
  const found = new Set(programNames(building));
  for (const { words } of invocations(building, /\bcargo\s+(?:\+\S+\s+)?(?:build|install|run|chef)\b/)) {
    for (const [at, word] of words.entries()) {
      if (/^(?:--bin|-p|--package)$/.test(word) && words[at + 1]) found.add(words[at + 1]!);
      const set = /^(?:--bin|--package)=(.+)$/.exec(word)?.[1];
      if (set !== undefined) found.add(set);
    }
  }
  return found;
}
