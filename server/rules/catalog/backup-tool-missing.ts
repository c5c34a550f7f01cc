import * as path from 'node:path';
import type { Command, Script, Word } from '../../scripts/model.ts';
import { textOf } from '../../syntax/source.ts';
import type { Finding, Fix, Rule } from '../rule.ts';
import { serviceNamed } from '../scripts/about.ts';
import { mannerOf } from '../scripts/manner.ts';
import { lacks, type Renamed, renamedIn, TOOLS } from '../scripts/tools.ts';

const rule: Rule = {
  name: 'backup-tool-missing',
  about: 'script',
  severity: 'warning',
  summary: 'A script runs a backup tool in a container whose image has none.',
  rationale:
    'A lean image (`-slim`, `-alpine`) holds the library of a database and not its command line. `docker compose exec app sqlite3 ...` then fails, and `> backup.sql` leaves an empty file behind that looks like a backup until it is needed. The official images of MariaDB have no `mysqldump` and no `mysql` from 11.0 on: the programs are called `mariadb-dump` and `mariadb`.',
  bad: '#!/bin/sh\n# app is built FROM python:3.12-slim, and no step installs sqlite3\ndocker compose exec -T app sqlite3 /data/app.db .dump > backup.sql\n',
  good: '#!/bin/sh\n# in the Dockerfile: RUN apt-get update && apt-get install -y --no-install-recommends sqlite3\ndocker compose exec -T app sqlite3 /data/app.db .dump > backup.sql\n',
  fixSafety: 'safe',
  fixNote:
    'Only a program that has another name in the image is called by it; what is not there a person has to install.',
  since: '0.2.0',
  references: ['https://github.com/MariaDB/mariadb-docker/issues/519'],
  *check({ script, analysed }) {
    const said = new Set<string>();
    for (const part of script?.parts ?? []) {
      for (const command of part.commands) {
        const program = path.posix.basename(command.words[0].text);
        const tool = Object.hasOwn(TOOLS, program) ? TOOLS[program] : undefined;
        const inner = command.within.at(-1);
        if (!script || !tool || !inner || (inner.kind !== 'service' && inner.kind !== 'container')) continue;
        const service = serviceNamed(inner.name, analysed);
        if (!service || mannerOf(script, part, command) === 'test') continue;
        const renamed = renamedIn(service, program);
        const found = renamed ? null : lacks(service, tool);
        if ((!renamed || knows(script, renamed)) && !found) continue;
        // One line for each tool and service: the others follow from it.
        const key = `${program} ${service.service.name}`;
        if (said.has(key) || isProbe(command)) continue;
        said.add(key);
        if (renamed) yield ofRenamed(command, program, service.service.name, renamed);
        else if (found) yield finding(command, program, tool.install, service.service.name, found);
      }
    }
  },
};

/** A script that names both takes the one that is there, or puts the other in its place. */
const knows = ({ source }: Script, { now }: Renamed): boolean =>
  new RegExp(`\\b${now}\\b(?![-:/.\\w])`).test(
    source.text.replace(/^\s*#.*$/gm, '').replace(/\b(exec|run)\b(\s+-\S+)*\s+mariadb\b/g, ''),
  );

/** Asked for first, or installed on the way. */
const isProbe = ({ conditions }: Command): boolean =>
  conditions.some(({ text }) => /command -v|which |\b(apk|apt-get|apt|dnf|yum)\b/.test(text));

const leavesEmpty = ({ redirects }: Command): string => {
  const left = redirects.find(({ op, fd }) => /^>{1,2}$/.test(op) && (fd === null || fd === 1))?.target;
  return left ? `, and ${left.told ? left.text : textOf(left.span)} stays empty` : '';
};

function ofRenamed(
  command: Command,
  program: string,
  service: string,
  { now, image, span, told }: Renamed,
): Omit<Finding, 'rule'> {
  const [word] = command.words;
  const newest = told ? '' : ' (the tag names no version; the newest counts)';
  return {
    // The tag alone may name an image that was pulled long ago.
    severity: told && program === 'mysqldump' ? 'warning' : 'info',
    message: `${program} is run in ${service}, and from MariaDB 11 on its image has no program of that name${newest}: the command fails${leavesEmpty(command)}; it is called ${now}`,
    span: word.span,
    service,
    related: [
      {
        from: 'image',
        note: `the image is ${image}; the old names are left out since 11.0`,
        span,
        confidence: 'primary',
        citation: 'MariaDB/mariadb-docker issue 519',
      },
    ],
    fixes: () => (textOf(word.span) === program ? [renamedTo(word, now)] : []),
  };
}

const renamedTo = ({ span: { source, start, end } }: Word, now: string): Fix => ({
  title: `Call it ${now}`,
  safety: 'safe',
  edits: [{ source, start, end, newText: now }],
});

function finding(
  command: Command,
  program: string,
  install: string,
  service: string,
  { stage, base }: NonNullable<ReturnType<typeof lacks>>,
): Omit<Finding, 'rule'> {
  return {
    severity: 'info',
    message: `${program} is run in ${service}, and its image (on ${base}) installs none: the command fails${leavesEmpty(command)}; install ${install} in the last stage of the Dockerfile`,
    span: command.words[0].span,
    service,
    related: stage.base
      ? [{ from: 'dockerfile', note: `the image begins as ${base}`, span: stage.base.span, confidence: 'primary' }]
      : [],
    fixes: () => [],
  };
}

export default rule;
