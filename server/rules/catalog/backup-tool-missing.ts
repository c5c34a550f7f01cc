import * as path from 'node:path';
import type { Command } from '../../scripts/model.ts';
import { textOf } from '../../syntax/source.ts';
import type { Finding, Rule } from '../rule.ts';
import { serviceNamed } from '../scripts/about.ts';
import { mannerOf } from '../scripts/manner.ts';
import { lacks, TOOLS } from '../scripts/tools.ts';

const rule: Rule = {
  name: 'backup-tool-missing',
  about: 'script',
  severity: 'info',
  summary: 'A script runs a backup tool in a container whose image has none.',
  rationale:
    'A lean image (`-slim`, `-alpine`) holds the library of a database and not its command line. `docker compose exec app sqlite3 ...` then fails, and `> backup.sql` leaves an empty file behind that looks like a backup until it is needed.',
  bad: '#!/bin/sh\n# app is built FROM python:3.12-slim, and no step installs sqlite3\ndocker compose exec -T app sqlite3 /data/app.db .dump > backup.sql\n',
  good: '#!/bin/sh\n# in the Dockerfile: RUN apt-get update && apt-get install -y --no-install-recommends sqlite3\ndocker compose exec -T app sqlite3 /data/app.db .dump > backup.sql\n',
  fixSafety: 'none',
  since: '0.2.0',
  *check({ script, analysed }) {
    const said = new Set<string>();
    for (const part of script?.parts ?? []) {
      for (const command of part.commands) {
        const program = path.posix.basename(command.words[0].text);
        const tool = Object.hasOwn(TOOLS, program) ? TOOLS[program] : undefined;
        const inner = command.within.at(-1);
        if (!script || !tool || !inner || (inner.kind !== 'service' && inner.kind !== 'container')) continue;
        const service = serviceNamed(inner.name, analysed);
        const found = service && lacks(service, tool);
        if (!service || !found || mannerOf(script, part, command) === 'test') continue;
        // One line for each tool and service: the others follow from it.
        const key = `${program} ${service.service.name}`;
        if (said.has(key) || isProbe(command)) continue;
        said.add(key);
        yield finding(command, program, tool.install, service.service.name, found);
      }
    }
  },
};

/** Asked for first, or installed on the way. */
const isProbe = ({ conditions }: Command): boolean =>
  conditions.some(({ text }) => /command -v|which |\b(apk|apt-get|apt|dnf|yum)\b/.test(text));

function finding(
  command: Command,
  program: string,
  install: string,
  service: string,
  { stage, base }: NonNullable<ReturnType<typeof lacks>>,
): Omit<Finding, 'rule'> {
  const left = command.redirects.find(({ op, fd }) => /^>{1,2}$/.test(op) && (fd === null || fd === 1))?.target;
  const leaves = left ? `, and ${left.told ? left.text : textOf(left.span)} stays empty` : '';
  return {
    severity: 'info',
    message: `${program} is run in ${service}, and its image (on ${base}) installs none: the command fails${leaves}; install ${install} in the last stage of the Dockerfile`,
    span: command.words[0].span,
    service,
    related: stage.base
      ? [{ from: 'dockerfile', note: `the image begins as ${base}`, span: stage.base.span, confidence: 'primary' }]
      : [],
    fixes: () => [],
  };
}

export default rule;
