/** What people and scripts of a project do before its first start: guides, make files, scripts, pipelines. */
import * as path from 'node:path';
import type { Files } from '../files.ts';
import type { Project } from '../project/model.ts';
import { readText } from './git-ignores.ts';

const TEXT =
  /\.(md|markdown|rst|adoc|txt|sh|bash|zsh|fish|ps1|bat|cmd|mk|just|nix|service)$|^(readme|install|setup|contributing|quickstart|getting[-_]started)[^/]*$|^(makefile|justfile|rakefile|procfile|vagrantfile|earthfile|configure|bootstrap|(.*[.-])?dockerfile([.-].*)?|taskfile\.ya?ml|package\.json)$|^[^.]*(install|setup|init|bootstrap|generate|deploy|configure|build|make|create)[^.]*\.(py|rb|js|mjs|ts|php|pl|go)$/i;
const PIPELINE = /\.ya?ml$/i;
const FOLDERS =
  /^(scripts?|bin|docs?|documentation|tools?|hack|ops|deploy(ment)?|set-?up|install(er)?|infra(structure)?|docker|ansible|make|ci|config|\.github|workflows|\.gitlab|\.devcontainer)$/i;
const MAX_ABOVE = 6;
const MAX_TEXTS = 120;

/** The folder of the project and those above it, nearest first, up to the top of the repository where there is one. */
export function foldersAbove(
  directory: string,
  files: Files,
): { readonly folders: string[]; readonly isRepository: boolean } {
  const folders: string[] = [];
  let folder = directory;
  for (let i = 0; i < MAX_ABOVE; i++) {
    folders.push(folder);
    if (files.kind(path.posix.join(folder, '.git')) !== 'missing') return { folders, isRepository: true };
    if (folder === '/' || /^[A-Za-z]:\/?$/.test(folder)) break;
    folder = path.posix.dirname(folder);
  }
  return { folders, isRepository: false };
}

/** Outside of a repository what is above may be anybody's. */
function ownFolders(directory: string, files: Files): string[] {
  const { folders, isRepository } = foldersAbove(directory, files);
  return isRepository ? folders : [directory];
}

/** Read when it is first asked for. */
export function setUpTexts({ directory }: Project, files: Files): () => readonly string[] {
  let texts: string[] | undefined;
  return () => {
    if (texts) return texts;
    const found = new Set<string>();
    for (const folder of ownFolders(directory, files)) collect(folder, 2, files, found);
    texts = [...found].slice(0, MAX_TEXTS).map((file) => readText(file, files) ?? '');
    return texts;
  };
}

function collect(folder: string, depth: number, files: Files, found: Set<string>): void {
  const isPipelines = /(^|\/)(workflows|\.gitlab|ansible)$/.test(folder);
  for (const { name, kind } of files.list(folder)) {
    const at = path.posix.join(folder, name);
    if (kind === 'file' && (TEXT.test(name) || (isPipelines && PIPELINE.test(name)))) found.add(at);
    else if (kind === 'directory' && depth > 0 && FOLDERS.test(name)) collect(at, depth - 1, files, found);
  }
}
