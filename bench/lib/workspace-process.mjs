// Lints a large workspace in a process of its own, as the language server does: open documents over the disk. Prints JSON.
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { performance } from 'node:perf_hooks';
import { ourEngine } from './build.mjs';
import { edited } from './compose.mjs';
import { makeWorkspace } from './workspace.mjs';
import { parseDocument } from './yaml.mjs';

/** Of each kind. The first ones only warm up the process, as those are that somebody types for an hour. */
const WARM_UP = 15;
const EDITS = 25;

const { createLinter, diskFiles, overlay, readSettings, trustWatched } = await import(ourEngine);
const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'persistence-bench-')));

/** Counts what the disk is asked for. */
function counted(files) {
  const asked = { read: 0, list: 0, kind: 0, head: 0 };
  const count =
    (what) =>
    (...given) => {
      asked[what]++;
      return files[what](...given);
    };
  return { asked, files: { ...files, ...Object.fromEntries(Object.keys(asked).map((what) => [what, count(what)])) } };
}

try {
  const workspace = makeWorkspace(folder);
  // Listings younger than two seconds are read again: a workspace is older than that.
  await new Promise((resolve) => setTimeout(resolve, 2100));
  const open = new Map();
  const { asked, files: disk } = counted(diskFiles());
  const watched = trustWatched(disk);
  // As in an editor that watches the workspace.
  watched.trust([folder]);
  const files = overlay(watched, open);
  const { settings } = readSettings(files, folder, {});
  const linter = createLinter(files);
  let findings = 0;
  const lint = async () => {
    for (const what of Object.keys(asked)) asked[what] = 0;
    const from = performance.now();
    const outcome = await linter.lint({ files: [workspace.compose], root: folder }, settings);
    const ms = performance.now() - from;
    if (outcome.errors.length > 0) throw new Error(outcome.errors[0].message);
    findings = outcome.findings.length;
    return { ms, asked: { ...asked } };
  };
  const type = (file, text) => {
    open.set(file, { path: file, text });
    watched.forget(file);
  };
  const least = (runs) => runs.reduce((a, b) => (b.ms < a.ms ? b : a));

  const cold = await lint();
  let { text } = workspace;
  const ofCompose = [];
  const floors = [];
  for (let n = 0; n < WARM_UP + EDITS; n++) {
    text = edited(text, n).text;
    type(workspace.compose, text);
    const linted = await lint();
    const from = performance.now();
    parseDocument(text);
    const bare = performance.now() - from;
    if (n < WARM_UP) continue;
    ofCompose.push(linted);
    floors.push(bare);
  }
  const ofSource = [];
  const code = fs.readFileSync(workspace.source, 'utf8');
  for (let n = 0; n < EDITS; n++) {
    type(workspace.source, `${code}\n# ${n}\n`);
    ofSource.push(await lint());
  }
  console.log(
    JSON.stringify({
      ...workspace.size,
      lines: text.split('\n').length,
      findings,
      floor: Math.min(...floors),
      cold,
      compose: least(ofCompose),
      source: least(ofSource),
      memory: process.memoryUsage().rss / 1048576,
    }),
  );
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
