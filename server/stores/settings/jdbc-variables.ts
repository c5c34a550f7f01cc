/** JDBC URLs of embedded databases in the environment; those of SQLite are read with its other URLs. */
import type { EffectiveEnvironment } from '../from-image.ts';
import { jdbcTarget } from '../source/jdbc.ts';
import type { SourceStore } from '../source/model.ts';
import { said } from './application.ts';

export function jdbcVariables(environment: EffectiveEnvironment): SourceStore[] {
  return [...environment].flatMap(([name, entry]) => {
    const { value } = entry;
    if (value === null || !/^jdbc:/i.test(value)) return [];
    const { evidence } = entry;
    if (evidence.confidence === 'memory' || !evidence.span) return [];
    const target = jdbcTarget(value);
    if (target?.kind !== 'file' || target.technology === 'sqlite' || target.readOnly) return [];
    const { source, start, end } = evidence.span;
    return [
      said(
        {
          by: name,
          told: { from: 'environment', note: `${name} is ${value}` },
          source,
          start,
          end,
          path: { kind: 'literal', value },
        },
        { technology: target.technology, form: 'jdbc' },
      ),
    ];
  });
}
