/** Findings made by hand, for tests of the output formats. */
import { placeIn } from '../../server/cli/place.ts';
import { type Fault, type LintResult, locate } from '../../server/cli/result.ts';
import type { Finding, Fix } from '../../server/rules/rule.ts';
import type { Evidence, Store } from '../../server/survival/words.ts';
import type { Source, Span } from '../../server/syntax/source.ts';

export const source = (path: string, text: string): Source => ({ path, text });

/** The `nth` place (from 0) where `part` stands. */
export function at(from: Source, part: string, nth = 0): Span {
  let start = -1;
  for (let i = 0; i <= nth; i++) start = from.text.indexOf(part, start + 1);
  if (start < 0) throw new Error(`${JSON.stringify(part)} is not in ${from.path}`);
  return { source: from, start, end: start + part.length };
}

export const COMPOSE = source(
  '/w/compose.yaml',
  'name: shop\nservices:\n  web:\n    image: nginx\n  db:\n    image: postgres:16\n',
);

export const IMAGE_EVIDENCE: Evidence = {
  from: 'image',
  note: 'image postgres:16 keeps its whole cluster in /var/lib/postgresql/data',
  span: at(COMPOSE, 'postgres:16'),
  confidence: 'primary',
  citation: 'docker-library/postgres 16/trixie/Dockerfile',
};

export const STORE: Store = {
  technology: 'postgres',
  title: 'PostgreSQL',
  path: '/var/lib/postgresql/data',
  isFile: false,
  kind: 'essential',
  need: 'required',
  confidence: 'primary',
  evidence: [IMAGE_EVIDENCE],
  role: 'server',
};

const end = COMPOSE.text.length;

export const MIGRATION: Fix = {
  title: 'Add the named volume db_data',
  safety: 'migration',
  edits: [
    { source: COMPOSE, start: end, end, newText: '    volumes:\n      - db_data:/var/lib/postgresql/data\n' },
    {
      source: COMPOSE,
      start: at(COMPOSE, 'services:').start,
      end: at(COMPOSE, 'services:').start,
      newText: 'volumes:\n  db_data:\n',
    },
  ],
  steps: ['docker compose stop db', 'docker cp -a shop-db-1:/var/lib/postgresql/data ./db-copy'],
};

export const SAFE: Fix = {
  title: 'Leave databases out of the image',
  safety: 'safe',
  edits: [{ source: source('/w/app/.dockerignore', ''), start: 0, end: 0, newText: '*.sqlite\n' }],
};

export const MISSING: Finding = {
  rule: 'missing-volume',
  severity: 'error',
  message: 'no volume for /var/lib/postgresql/data: data is deleted when the container is recreated',
  span: at(COMPOSE, 'db'),
  service: 'db',
  store: STORE,
  related: [IMAGE_EVIDENCE, { from: 'image', note: 'the image declares no volume', confidence: 'primary' }],
  fixes: () => [MIGRATION],
};

export const BAKED: Finding = {
  rule: 'database-copied-into-image',
  severity: 'warning',
  message: 'COPY of database into image',
  span: at(COMPOSE, 'nginx'),
  related: [],
  fixes: () => [SAFE],
};

export const result = (findings: readonly Finding[], errors: readonly Fault[] = []): LintResult => ({
  findings: locate(findings, placeIn('/w', false)),
  errors,
  files: ['compose.yaml'],
  projects: [['compose.yaml']],
  place: placeIn('/w', false),
});
