/** Random build contexts: folders with files whose text says which file it is, links, and archives. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Random } from '../differential/random.ts';
import { succeed } from './shell.ts';

export interface Tree {
  /** Path in the context -> text. */
  readonly files: Map<string, string>;
  /** Path in the context -> what the link says. */
  readonly links: Map<string, string>;
  /** Files of these that are archives; each holds one file, {@link memberOf}. */
  readonly archives: string[];
  readonly folders: string[];
}

const NAMES = (
  'a b c data docs lib src A app.py main.go README.md a.db b.db app.db c.txt .env .hidden .git node_modules a-b ' +
  'x.tar.gz é.db 日本 a☺b [a].txt a[b {x} a+b (c) q?.md a*b #c $v a|b ~ -f a,b a.b.c'
)
  .split(' ')
  .concat('x y.txt', 'sp ace', "it's");

/** Names in several folders, so that patterns find more than one. */
const COMMON = NAMES.slice(0, 17);

export function randomTree(random: Random): Tree {
  const tree: Tree = { files: new Map(), links: new Map(), archives: [], folders: [''] };
  fill(tree, random, '', 0);
  for (let count = random.below(4); count > 0; count--) addLink(tree, random);
  return tree;
}

export const allPaths = ({ files, links, folders }: Tree): string[] => [
  ...files.keys(),
  ...links.keys(),
  ...folders.slice(1),
];

/** The text of the one file that an archive holds. */
export const memberOf = (archive: string): string => `this is in ${archive}`;

function fill(tree: Tree, random: Random, folder: string, depth: number): void {
  const names = new Set([...random.some(COMMON, 5 - depth), ...random.some(NAMES, 2)]);
  for (const name of names) {
    const at = folder === '' ? name : `${folder}/${name}`;
    if (name.endsWith('.tar.gz')) {
      tree.files.set(at, '');
      tree.archives.push(at);
    } else if (depth === 3 || random.chance(/.\.[a-z]+$|^[[]/.test(name) ? 0.92 : 0.35)) {
      tree.files.set(at, `this is ${at}`);
    } else {
      tree.folders.push(at);
      if (random.chance(0.9)) fill(tree, random, at, depth + 1);
    }
  }
}

function addLink(tree: Tree, random: Random): void {
  const folder = random.pick(tree.folders);
  const name = random.pick(['to', 'to.db', 'link', '.link', 'l n', 'a']);
  const at = folder === '' ? name : `${folder}/${name}`;
  if (tree.files.has(at) || tree.folders.includes(at) || tree.links.has(at)) return;
  // Not to other links: what a link below a pattern's match leads to is there only if the builder was sent it.
  // Nor to what would mean something in a pattern: the builder asks for what a source leads to as if it were one.
  const plain = [...tree.files.keys(), ...tree.folders.slice(1)].filter((path) => !/[*?[\\]/.test(path));
  const near = plain.filter((path) => path.startsWith(folder));
  const inside = near.length > 0 ? random.pick(near) : folder;
  const relative = path.posix.relative(folder, inside) || '.';
  const target = random.chance(0.7)
    ? relative
    : random.pick([`./${relative}/`, '../outside', '/etc/passwd', 'gone', 'gone/deep', name, '.', '..']);
  tree.links.set(at, target);
}

/** @param folder is made, and holds nothing else. */
export async function writeTree({ files, links, archives, folders }: Tree, folder: string): Promise<void> {
  fs.mkdirSync(folder, { recursive: true });
  for (const at of folders) fs.mkdirSync(path.join(folder, at), { recursive: true });
  for (const [at, text] of files) fs.writeFileSync(path.join(folder, at), text);
  for (const [at, target] of links) fs.symlinkSync(target, path.join(folder, at));
  for (const at of archives) {
    const member = `member-${archives.indexOf(at)}`;
    fs.writeFileSync(`${folder}-${member}`, memberOf(at));
    const archive = ['-C', path.dirname(folder), '--transform', 's/.*-member/member/', '-czf', path.join(folder, at)];
    await succeed('tar', [...archive, `${path.basename(folder)}-${member}`]);
  }
}
