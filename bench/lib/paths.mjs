import * as path from 'node:path';

export const BENCH = path.resolve(import.meta.dirname, '..');
export const ROOT = path.resolve(BENCH, '..');
/** What a run makes; git ignores it. */
export const OUT = path.join(ROOT, 'out/speed');
/** The same of a run with an engine. */
export const LIVE = path.join(ROOT, 'out/live');
