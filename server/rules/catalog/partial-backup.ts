import { relatedOf } from '../losses.ts';
import type { Finding, Rule } from '../rule.ts';
import { type Kept, leftOut, type Saved, savedBy } from '../scripts/left-out.ts';
import { mannerOf } from '../scripts/manner.ts';
import { listed } from '../scripts/writers.ts';

const BACKUP_NAME = /backup|back-up|dump/i;

const rule: Rule = {
  name: 'partial-backup',
  about: 'script',
  severity: 'info',
  summary: 'A backup saves the database and not what belongs to it.',
  rationale:
    'A dump of the database holds the names of the files that were uploaded, and not the files. Restored on a new machine, the application shows rows whose pictures, documents and vectors are gone. What is in another volume needs a backup of its own, taken at the same time.',
  bad: '#!/bin/sh\n# backup.sh; compose.yaml keeps the uploads of the app in the volume uploads\ndocker compose exec -T db pg_dump -Fc shop > "shop-$(date +%F).dump"\n',
  good: '#!/bin/sh\nset -e\ndocker compose exec -T db pg_dump -Fc shop > "shop-$(date +%F).dump"\ndocker run --rm -v shop_uploads:/data:ro -v "$PWD":/backup alpine tar czf "/backup/uploads-$(date +%F).tgz" -C /data .\n',
  fixSafety: 'none',
  since: '0.3.0',
  *check(context) {
    const { script } = context;
    if (!script || (script.kind !== 'shell' && script.kind !== 'makefile')) return;
    const saved: Saved[] = [];
    for (const part of script.parts) {
      const isBackup = BACKUP_NAME.test(part.name ?? '') || BACKUP_NAME.test(script.source.path.replace(/^.*\//, ''));
      for (const command of isBackup ? part.commands : []) {
        const one = mannerOf(script, part, command) === 'test' ? null : savedBy(command, context.analysed);
        if (one) saved.push(one);
      }
    }
    const [first] = saved;
    const left = first ? leftOut(script, context, saved) : [];
    if (first && left.length > 0) yield finding(first, left);
  },
};

function finding({ dump, service }: Saved, left: readonly Kept[]): Omit<Finding, 'rule'> {
  const [{ analysed, one }] = left as [Kept];
  // Parts of one application share a volume, and that is one thing to save.
  const things = new Map<string, string[]>();
  for (const {
    one: { store },
    analysed: {
      service: { name },
    },
  } of left) {
    const thing = `${store.title} (${store.path})`;
    things.set(thing, [...(things.get(thing) ?? []), name]);
  }
  const what = [...things].map(([thing, names]) => `${thing} of ${listed(names)}`);
  return {
    severity: 'info',
    message: `${dump.program} saves the data of ${service.service.name}, and nothing here saves ${listed(what)}: after a restore the one refers to what is gone`,
    span: dump.outer.span,
    service: analysed.service.name,
    store: one.store,
    related: left.flatMap((kept) => relatedOf(kept.one)),
    fixes: () => [],
  };
}

export default rule;
