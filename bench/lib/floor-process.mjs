// The floor: a process that does nothing with a text but parse it. Answers each text with the time that took.
import { performance } from 'node:perf_hooks';
import { parseDocument } from './yaml.mjs';

process.on('message', (text) => {
  const started = performance.now();
  parseDocument(text);
  process.send(performance.now() - started);
});
