// What the catalogue costs a program that starts: its index, then the first family that is asked for. Prints JSON.
import { performance } from 'node:perf_hooks';
import { ourCatalogue } from './build.mjs';

const started = performance.now();
const { catalogue } = await import(ourCatalogue);
const known = catalogue();
const loaded = performance.now();
if (!known.byRepository('docker.io/library/postgres')) throw new Error('the catalogue does not know postgres');
console.log(JSON.stringify({ index: loaded - started, firstFamily: performance.now() - loaded }));
