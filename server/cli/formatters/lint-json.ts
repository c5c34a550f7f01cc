/** `lint --format json`: other programs rely on it, see the contract in the documentation. */
import type { Edit, Fix } from '../../rules/rule.ts';
import type { Evidence } from '../../survival/words.ts';
import { rangeOf } from '../../syntax/source.ts';
import { locationOf, type Place } from '../place.ts';
import type { Formatter, Located } from '../result.ts';

export const json: Formatter = ({ findings, errors, place }) =>
  `${JSON.stringify({
    schema: 1,
    findings: findings.map((located) => findingJson(located, place)),
    errors: errors.map(({ file, message }) => ({ file: file ?? '', message })),
  })}\n`;

const findingJson = ({ finding, file, range, fixes }: Located, place: Place) => ({
  rule: finding.rule,
  severity: finding.severity,
  message: finding.message,
  file,
  range,
  ...(finding.service === undefined ? {} : { service: finding.service }),
  ...(finding.store === undefined ? {} : { store: { technology: finding.store.technology, path: finding.store.path } }),
  related: finding.related.flatMap((evidence) => relatedJson(evidence, place)),
  fixes: fixes().map((fix) => fixJson(fix, place)),
});

const relatedJson = ({ span, note }: Evidence, place: Place) =>
  span ? [{ ...locationOf(span, place), message: note }] : [];

const fixJson = ({ title, safety, edits }: Fix, place: Place) => ({
  title,
  safety,
  edits: edits.map((edit) => editJson(edit, place)),
});

const editJson = ({ source, start, end, newText }: Edit, place: Place) => ({
  file: place(source.path),
  range: rangeOf({ source, start, end }),
  newText,
});
