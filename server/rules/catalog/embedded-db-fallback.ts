import { addNamedVolume } from '../../fixes/volumes.ts';
import type { AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { atMost } from '../guards.ts';
import { fateSentence, finding, losses } from '../losses.ts';
import type { Fix, Rule, RuleContext, Severity } from '../rule.ts';
import { carryOver } from '../steps.ts';

/** It is run as if it were to last. */
const isServed = ({ service, argv }: AnalysedService): boolean =>
  /^(always|unless-stopped)$/.test(service.restart?.value ?? '') || argv.includes('start');

const rule: Rule = {
  name: 'embedded-db-fallback',
  severity: 'error',
  summary: 'A program that is told of no database server keeps its data in a file of the container.',
  rationale:
    'Keycloak, Metabase, Redmine, n8n and others start without a database server: they make a small database of their own, which is meant for a first try. All that is entered goes into a file of the container, and with it. The store is reported here and not by `missing-volume`.',
  bad: 'services:\n  auth:\n    image: quay.io/keycloak/keycloak:26.0\n    command: start-dev\n',
  good: 'services:\n  auth:\n    image: quay.io/keycloak/keycloak:26.0\n    command: start-dev\n    volumes:\n      - auth_data:/opt/keycloak/data\n\nvolumes:\n  auth_data:\n',
  fixSafety: 'migration',
  fixNote: 'A volume keeps the embedded database. For more than a first try, name a database server instead.',
  since: '0.2.0',
  *check(context) {
    for (const loss of losses(context, 'fallback')) {
      const { analysed, one, diagnosis } = loss;
      const { engine, setting } = diagnosis.database;
      const severity: Severity = one.store.need === 'optional' ? 'info' : isServed(analysed) ? 'error' : 'warning';
      yield finding(context, loss, outlives(context, one) ? atMost(severity, 'warning') : severity, {
        message: `no volume for ${one.store.path}: without ${setting} ${one.store.title} uses its own ${engine} database there, and it ${fateSentence(context, one)}`,
        span: analysed.service.key,
        fixes: () => embeddedVolume(context, analysed, one),
      });
    }
  },
};

/** In an anonymous volume, where those are left behind and not deleted. */
const outlives = ({ analysed: { project } }: RuleContext, { backing }: AnalysedStore): boolean =>
  backing.type === 'anonymous-volume' && project.runtime === 'compose';

/** None for a path that is a file beside others. */
function embeddedVolume({ analysed: { project } }: RuleContext, analysed: AnalysedService, one: AnalysedStore): Fix[] {
  const at = one.store.path!;
  if (one.store.isFile || at.split('/').length < 3) return [];
  const added = addNamedVolume(project, analysed.service, at);
  if (!added) return [];
  return [
    {
      title: `Add the named volume ${added.volume} for ${at}`,
      safety: 'migration',
      edits: added.edits,
      steps: carryOver(project, analysed, one, at, added.volume),
    },
  ];
}

export default rule;
