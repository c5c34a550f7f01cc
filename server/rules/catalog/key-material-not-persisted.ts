import * as path from 'node:path';
import { dataPaths } from '../../catalogue/match.ts';
import { replaceSpan } from '../../fixes/edits.ts';
import { isShared } from '../../fixes/layout.ts';
import { addListItem } from '../../fixes/list.ts';
import { addMapEntry } from '../../fixes/map.ts';
import { addNamedVolume } from '../../fixes/volumes.ts';
import type { EnvironmentEntry, Service } from '../../project/model.ts';
import { cleanTarget } from '../../project/mounts.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { coveringMount } from '../../survival/backing.ts';
import { textOf } from '../../syntax/source.ts';
import { emptyEntry, isGiven, keptStore } from '../claims.ts';
import { KEY_MATERIAL, type KeyMaterial } from '../families.ts';
import { atMost } from '../guards.ts';
import { fateSentence, losses, relatedOf } from '../losses.ts';
import type { Edit, Finding, Fix, Rule, RuleContext } from '../rule.ts';
import { runsOf } from '../runs.ts';
import { carryOver } from '../steps.ts';
import { valuesOf } from '../values.ts';

const rule: Rule = {
  name: 'key-material-not-persisted',
  severity: 'error',
  summary: 'The data is kept, and the key that a program made for itself to encrypt it is not.',
  rationale:
    'Programs that are given no key make one at the first start and write it to a file. When the database is in a volume and that file is not, the next container makes a new key: the data is all there and cannot be read. Where neither is kept, `missing-volume` reports both.',
  bad: 'services:\n  db:\n    image: postgres:16\n    volumes:\n      - db_data:/var/lib/postgresql/data\n  n8n:\n    image: n8nio/n8n:1.70.0\n    environment:\n      DB_TYPE: postgresdb\n      DB_POSTGRESDB_HOST: db\n\nvolumes:\n  db_data:\n',
  good: 'services:\n  db:\n    image: postgres:16\n    volumes:\n      - db_data:/var/lib/postgresql/data\n  n8n:\n    image: n8nio/n8n:1.70.0\n    environment:\n      DB_TYPE: postgresdb\n      DB_POSTGRESDB_HOST: db\n    volumes:\n      - n8n_data:/home/node/.n8n\n\nvolumes:\n  db_data:\n  n8n_data:\n',
  fixSafety: 'migration',
  fixNote: 'The key in use has to be read out of the running container first: it is gone with it.',
  since: '0.2.0',
  *check(context) {
    for (const { analysed, one, diagnosis } of losses(context, 'key')) {
      const { material, kept } = diagnosis;
      if (isBrought(one.store.path!, analysed)) continue;
      yield {
        // An image that may declare a volume there leaves the key behind instead of deleting it.
        severity: one.backing.reason === undefined ? material.severity : atMost(material.severity, 'warning'),
        message: `no volume for ${one.store.path}: the key that ${one.store.title} makes for itself ${fateSentence(context, one)}, while the data in ${kept} is kept: ${material.loss}`,
        span: analysed.service.key,
        service: analysed.service.name,
        store: one.store,
        related: relatedOf(one),
        fixes: () => [
          ...volumeFor(context, analysed, one.store.path!, one.store.isFile, material),
          ...placeholder(analysed, material),
        ],
      };
    }
    yield* lesserKeys(context);
  },
};

/** A key that the build puts into the image is the same in each container. */
const isBrought = (at: string, { image, placed }: AnalysedService): boolean => {
  const name = path.posix.basename(at);
  return placed.image.has(at) || (name.includes('.') && image.stage?.source.text.includes(name) === true);
};

/** Keys whose loss is a nuisance: no store of their own, so they are looked for among the facts of the image. */
function* lesserKeys(context: RuleContext): Iterable<Omit<Finding, 'rule'>> {
  const runs = runsOf(context.analysed.project);
  for (const analysed of context.analysed.services) {
    const match = analysed.image.named ?? analysed.image.match;
    // A build that is called like the image is taken for it: more than an info is not said.
    const isKnown = match && (!match.lookalike || analysed.service.build !== undefined) && !match.openTag;
    const material = isKnown ? KEY_MATERIAL[match.family.id] : undefined;
    if (!match || material?.severity !== 'info' || isGiven(material, analysed) || analysed.service.broken) continue;
    const kept = keptStore(analysed);
    const values = valuesOf(analysed);
    const fact = dataPaths(match, values).find((one) => one.kind === 'secret' && one.need === 'optional');
    if (!kept || !fact || analysed.service.mountGaps.length > 0) continue;
    if (coveringMount(cleanTarget(fact.path), analysed.service.mounts)) continue;
    yield {
      severity: 'info',
      message: `no volume for ${fact.path}: ${match.family.title} makes a new key ${runs.whenNew}, and ${material.loss}`,
      span: analysed.service.key,
      service: analysed.service.name,
      related: [],
      fixes: () => placeholder(analysed, material),
    };
  }
}

/** A volume on the folder of the key; of a file only where the image keeps its data in that folder, and no program. */
function volumeFor(
  { analysed: { project } }: RuleContext,
  analysed: AnalysedService,
  at: string,
  isFile: boolean,
  material: KeyMaterial,
): Fix[] {
  const folder = isFile ? at.slice(0, at.lastIndexOf('/')) : at;
  const known = analysed.image.match?.family.data.some((fact) => fact.kind === 'essential' && fact.path === folder);
  const one = analysed.stores.find(({ store }) => store.path === at);
  const added = isFile && !known ? null : addNamedVolume(project, analysed.service, folder);
  if (!added || !one) return [];
  const read = material.read
    ? [`Note the key in use: ${runsOf(project).exec(project, analysed.service, material.read)}`]
    : [];
  return [
    {
      title: `Add the named volume ${added.volume} for ${folder}`,
      safety: 'migration',
      edits: added.edits,
      steps: [...read, ...carryOver(project, analysed, one, folder, added.volume)],
    },
  ];
}

function added({ declarations: [{ node, source }] }: Service, variable: string, value: string): Edit[] | null {
  if (!node) return null;
  const entry = node.entries.get('environment');
  if (entry?.value.kind !== 'map') return addListItem(node, 'environment', `${variable}=${value}`, source);
  return entry.inherited || entry.alias ? null : addMapEntry(entry.value, variable, value, source);
}

/** `A=` in a list, with quotes or without, or `""` behind a key. */
function filled({ name, span, from }: EnvironmentEntry, value: string): Edit[] | null {
  if (from !== 'environment' || isShared(span.source, span.start)) return null;
  const [, quote, item] = /^(["']?)(.*)\1$/s.exec(textOf(span)) ?? [];
  if (item === '' && quote) return [replaceSpan(span, `${quote}${value}${quote}`)];
  return item === `${name}=` ? [replaceSpan(span, `${quote}${item}${value}${quote}`)] : null;
}

/** The variable, to be set in `.env`: Compose refuses to start until it is. */
function placeholder({ service }: AnalysedService, material: KeyMaterial): Fix[] {
  const [variable] = material.variables;
  if (variable === undefined || material.read === undefined) return [];
  const value = `\${${variable}:?set ${variable} in .env}`;
  const empty = emptyEntry(variable, service);
  const edits = empty ? filled(empty, value) : added(service, variable, value);
  if (!edits) return [];
  const steps = [
    `Read the key in use: docker compose exec ${service.name} ${material.read}`,
    `Write it to .env as ${variable}=<that key>: with another key what is stored stays unreadable`,
    `Apply this change, then: docker compose up -d ${service.name}`,
  ];
  return [{ title: `Take the key from ${variable} in .env`, safety: 'migration', edits, steps }];
}

export default rule;
