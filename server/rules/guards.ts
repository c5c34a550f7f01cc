/** When a finding must be softened or not be said at all: one mechanism for all rules. The guards themselves are in guards/table.ts. */
export { type Guarding, guarded } from './guards/apply.ts';
export { isCache, isRedisLike, queuesByItself, workerOn } from './guards/caches.ts';
export { isDevelopmentPath, isTestPath } from './guards/paths.ts';
export { atMost, lower } from './guards/severity.ts';
export { type Effect, GUARDS, type GuardName } from './guards/table.ts';
export { isHelper, isOneShot, isTestService } from './guards/tasks.ts';
