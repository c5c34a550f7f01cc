/** The catalogue alone, so that what loading it costs can be told from what the engine does. */
export { catalogue } from '../../server/catalogue/load.ts';
