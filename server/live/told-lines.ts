/** What a server told, as sentences: the evidence of a store and the report's own section say it in the same words. */
import type { Told } from './probes/probe.ts';

export const toldLines = ({ writesTo, contents, evidence, weaknesses }: Told): string[] => [
  ...(writesTo.length > 0 ? [`It says that it writes to ${writesTo.join(', ')}`] : []),
  ...(contents === null ? [] : [`It has ${contents}`]),
  ...evidence,
  ...weaknesses.map(({ setting, message }) => `${setting}: ${message}`),
];
