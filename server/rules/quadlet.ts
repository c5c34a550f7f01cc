/** What rules ask of a project that Quadlet runs. */
import type { AnalysedStore } from '../stores/model.ts';
import type { RuleContext } from './rule.ts';

/** In an anonymous volume, which goes with the container at every stop: `quadlet-anonymous-volume` reports it. */
export const removedAtStop = ({ analysed: { project } }: RuleContext, { backing }: AnalysedStore): boolean =>
  project.runtime === 'quadlet' && backing.type === 'anonymous-volume';
