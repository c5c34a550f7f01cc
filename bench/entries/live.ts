/** The parts of the live check that are measured without a process around them. */
export { diskFiles } from '../../server/files.ts';
export { createLinter } from '../../server/lint/lint.ts';
export { DEFAULT_SETTINGS } from '../../server/lint/settings.ts';
export { connect } from '../../server/live/connect.ts';
export { composeOver } from '../../server/live/drill/compose.ts';
export { drill } from '../../server/live/drill/drill.ts';
export { thisMachine } from '../../server/live/machine.ts';
export { verify } from '../../server/live/verify.ts';
export { bareCalls, bareCommands } from './bare-calls.ts';
