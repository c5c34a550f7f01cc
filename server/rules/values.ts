/** What the environment of a service says, as facts of the catalogue ask for it. */
import type { Environment } from '../catalogue/when.ts';
import type { AnalysedService } from '../stores/model.ts';

/** Null where a variable of a value has none here. */
export const knownValuesOf = ({ environment }: Pick<AnalysedService, 'environment'>): Environment =>
  new Map(
    [...environment].map(([name, { value, evidence }]) => [name, evidence.confidence === 'memory' ? null : value]),
  );

export const valuesOf = ({ environment }: Pick<AnalysedService, 'environment'>): Environment =>
  new Map([...environment].map(([name, { value }]) => [name, value]));
