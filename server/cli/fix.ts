/** `lint --fix`: safe fixes only, as many at once as do not touch each other, until none is left. */
import type { Files } from '../files.ts';
import { applyEdits, conflict } from '../fixes/edits.ts';
import type { Edit, Fix } from '../rules/rule.ts';
import type { Place } from './place.ts';
import type { Fault, LintResult, Located } from './result.ts';
import { CannotWrite, checkWritable, writeWhole } from './write-file.ts';

/** Rounds in a row that may pass without fewer fixes left: each round must bring the end nearer. */
const MAX_STALLED = 10;

export interface Fixed {
  readonly file: string;
  readonly rule: string;
  readonly title: string;
}

export interface FixOutcome<L> {
  readonly fixed: readonly Fixed[];
  /** Files that were left as they are, and why. */
  readonly faults: readonly Fault[];
  readonly last: L;
}

interface Offer {
  readonly located: Located;
  readonly fix: Fix;
}

export async function fixAll<L extends { readonly result: LintResult }>(
  files: Files,
  first: L,
  again: () => Promise<L>,
  place: Place,
): Promise<FixOutcome<L>> {
  const fixed: Fixed[] = [];
  const refused = new Map<string, string>();
  let last = first;
  let fewest = Number.POSITIVE_INFINITY;
  let stalled = 0;
  for (;;) {
    const offers = safeOffers(last.result, refused);
    if (offers.length === 0) break;
    stalled = offers.length < fewest ? 0 : stalled + 1;
    fewest = Math.min(fewest, offers.length);
    if (stalled === MAX_STALLED) break;
    const applied = applyRound(files, offers, refused);
    fixed.push(
      ...applied.map(({ located, fix }) => ({ file: located.file, rule: located.finding.rule, title: fix.title })),
    );
    if (applied.length > 0) last = await again();
  }
  return { fixed, last, faults: [...refused].map(([file, message]) => ({ file: place(file), message })) };
}

function safeOffers({ findings }: LintResult, refused: ReadonlyMap<string, string>): Offer[] {
  return findings.flatMap((located) => {
    const fix = located.fixes().find(({ safety }) => safety === 'safe');
    return fix && !fix.edits.some(({ source }) => refused.has(source.path)) ? [{ located, fix }] : [];
  });
}

/** Writes what fits together; a file that cannot be written is refused from then on, with every fix that needs it. */
function applyRound(files: Files, offers: readonly Offer[], refused: Map<string, string>): Offer[] {
  const edits = new Map<string, Edit[]>();
  const accepted: Offer[] = [];
  for (const offer of offers) {
    const paths = [...new Set(offer.fix.edits.map(({ source }) => source.path))];
    if (!paths.every((path) => writable(offer.fix, path, files, refused))) continue;
    if (paths.some((path) => conflict(edits.get(path) ?? [], offer.fix.edits))) continue;
    for (const edit of offer.fix.edits) edits.set(edit.source.path, [...(edits.get(edit.source.path) ?? []), edit]);
    accepted.push(offer);
  }
  for (const [path, list] of edits) {
    attempt(path, refused, () => writeWhole(files, path, list[0]!.source.text, applyEdits(list[0]!.source.text, list)));
  }
  return accepted.filter(({ fix }) => !fix.edits.some(({ source }) => refused.has(source.path)));
}

function writable(fix: Fix, path: string, files: Files, refused: Map<string, string>): boolean {
  const text = fix.edits.find(({ source }) => source.path === path)!.source.text;
  return !refused.has(path) && attempt(path, refused, () => checkWritable(files, path, text));
}

function attempt(path: string, refused: Map<string, string>, action: () => void): boolean {
  try {
    action();
    return true;
  } catch (error) {
    if (!(error instanceof CannotWrite)) throw error;
    refused.set(path, error.message);
    return false;
  }
}
