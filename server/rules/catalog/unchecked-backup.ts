import * as path from 'node:path';
import type { Command, Script, ScriptPart } from '../../scripts/model.ts';
import type { AnalysedProject } from '../../stores/model.ts';
import type { Finding, Rule } from '../rule.ts';
import { serviceNamed } from '../scripts/about.ts';
import { type Clearing, clearingOf, type Dump, dumpOf, isOnlyCopy, isUnchecked } from '../scripts/dumps.ts';
import { mannerOf } from '../scripts/manner.ts';

/** What runs unseen. What is read aloud or typed step by step shows its errors to who typed it. */
const KINDS = new Set<Script['kind']>(['shell', 'crontab', 'systemd', 'started']);

const rule: Rule = {
  name: 'unchecked-backup',
  about: ['script', 'started'],
  severity: 'warning',
  summary: 'A dump may fail unseen, and the older backups or the volume are deleted all the same.',
  rationale:
    'A pipeline ends as its last program ends: `pg_dump ... | gzip > file` is a success when the password is wrong, the server is away or the disk is full, because gzip packs nothing without complaint. Neither `set -e` nor `if` nor `$?` sees it. The file that is left is named like a backup and is empty, and after as many days as the script keeps them the last good one is deleted.',
  bad: '#!/bin/bash\nset -e\npg_dump -h db shop | gzip > /backups/shop-$(date +%F).sql.gz\nfind /backups -name "*.sql.gz" -mtime +7 -delete\n',
  good: '#!/bin/bash\nset -eo pipefail\npg_dump -h db shop | gzip > /backups/shop-$(date +%F).sql.gz\nfind /backups -name "*.sql.gz" -mtime +7 -delete\n',
  fixSafety: 'none',
  since: '0.3.0',
  references: [
    'https://www.gnu.org/software/bash/manual/html_node/Pipelines.html',
    'https://www.gnu.org/software/bash/manual/html_node/The-Set-Builtin.html',
  ],
  *check({ script, analysed }) {
    if (!script || !KINDS.has(script.kind)) return;
    for (const part of script.parts) {
      for (const command of part.commands) {
        const found = judge(script, part, command, analysed) ?? judgeName(script, part, command, analysed);
        if (!found) continue;
        // What is wrong with one of a script is wrong with the others in the same way.
        yield found;
        return;
      }
    }
  },
};

function judge(
  script: Script,
  part: ScriptPart,
  command: Command,
  analysed: AnalysedProject,
): Omit<Finding, 'rule'> | null {
  const dump = dumpOf(command);
  if (!dump || mannerOf(script, part, command) === 'test' || !isUnchecked(dump, part, script)) return null;
  const clearing = clearingOf(dump, command, part, script);
  // Who types a dump alone sees it fail.
  if (!clearing && dump.last === null) return null;
  const inner = command.within.findLast(({ kind }) => kind === 'service' || kind === 'container');
  const service = inner ? serviceNamed(inner.name, analysed) : undefined;
  return {
    severity: clearing ? 'warning' : 'info',
    message: `${failure(dump)}${clearing ? goes(clearing) : ''}: ${remedy(dump, script)}`,
    span: dump.outer.span,
    ...(service ? { service: service.service.name } : {}),
    related: clearing
      ? [
          {
            from: 'source',
            note: clearing.of === 'volume' ? 'here the volume is deleted' : 'here the older backups are deleted',
            span: clearing.command.span,
            confidence: 'primary',
          },
        ]
      : [],
    fixes: () => [],
  };
}

/** The shell empties the file before the dump begins. */
function judgeName(
  script: Script,
  part: ScriptPart,
  command: Command,
  analysed: AnalysedProject,
): Omit<Finding, 'rule'> | null {
  const dump = dumpOf(command);
  if (!dump || mannerOf(script, part, command) === 'test' || !isOnlyCopy(dump, command, part, script)) return null;
  const inner = command.within.findLast(({ kind }) => kind === 'service' || kind === 'container');
  const service = inner ? serviceNamed(inner.name, analysed) : undefined;
  const name = path.posix.basename(dump.target?.text ?? '');
  return {
    severity: 'info',
    message: `${dump.program} writes over ${name} each time: the last good copy is gone before the new one has begun, and when that fails there is none; write to another file, and rename it when the dump has ended well`,
    span: dump.outer.span,
    ...(service ? { service: service.service.name } : {}),
    related: [],
    fixes: () => [],
  };
}

const failure = ({ program, last }: Dump): string =>
  last === null
    ? `nothing asks whether ${program} failed, and what it then leaves looks like a backup`
    : `when ${program} fails, the script goes on: the status of the pipeline is that of ${last}, and what it leaves looks like a backup`;

const goes = ({ of, how }: Clearing): string =>
  of === 'volume' ? `, and then ${how} deletes the volume` : `, while ${how} deletes the older ones as they age`;

function remedy({ last }: Dump, { source }: Script): string {
  if (last === null) return 'let the script end there (set -e), before anything is deleted';
  return /^#!.*\b(bash|zsh|ksh)\b/.test(source.text)
    ? 'set -o pipefail (with set -e) ends the script there'
    : 'write the dump to a file and pack that, or use bash with set -eo pipefail';
}

export default rule;
