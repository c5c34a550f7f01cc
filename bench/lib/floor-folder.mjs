// The floor of a command that reads a folder: all its files read and parsed, no more. Prints cold and warm times.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseDocument } from './yaml.mjs';

const [folder] = process.argv.slice(2);
const files = fs.readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.yaml'));
const pass = () => {
  const started = performance.now();
  for (const file of files) parseDocument(fs.readFileSync(path.join(folder, file), 'utf8'));
  return performance.now() - started;
};
console.log(JSON.stringify({ cold: pass(), warm: Math.min(pass(), pass(), pass()) }));
