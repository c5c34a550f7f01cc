/** What the environment of a service says, as facts of the catalogue ask for it. */
import type { Environment } from '../catalogue/when.ts';
import type { AnalysedService } from '../stores/model.ts';

export const valuesOf = ({ environment }: Pick<AnalysedService, 'environment'>): Environment =>
  new Map([...environment].map(([name, { value }]) => [name, value]));
