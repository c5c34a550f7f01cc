/**
 * The labelled projects as a measure. They are third-party files and no part of this repository: PERSISTENCE_CORPUS names
 * their folder, and without it this suite is left out.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { labelsOf, type Measure, measure, placeOf } from './measure.ts';

const corpus = process.env.PERSISTENCE_CORPUS;
if (!corpus) console.log('The corpus suite is left out: PERSISTENCE_CORPUS names no folder of labelled projects.');

describe.skipIf(!corpus)('labelled projects', () => {
  let measures: Measure[] = [];

  beforeAll(async () => {
    measures = await Promise.all(labelsOf(corpus!).map((label) => measure(corpus!, label)));
  }, 60_000);

  const share = (part: number, whole: number): number => part / Math.max(whole, 1);

  test('data: three in four bodies of data are found, without Dockerfiles and sources', () => {
    const all = measures.flatMap(({ data }) => data);
    const found = all.filter(({ store }) => store !== undefined);
    console.log(`stores found: ${found.length} of ${all.length}`);
    expect(share(found.length, all.length)).toBeGreaterThan(0.75);
  });

  test('fates: of those that are known, 99 in 100 are right', () => {
    const judged = measures
      .flatMap(({ data }) => data)
      .filter(
        ({ data, store }) => store && store.backing.type !== 'unknown' && typeof data.survives.recreate !== 'string',
      );
    const wrong = judged.filter((one) => one.wrong.length > 0).map(({ service, data }) => `${service} ${data.path}`);
    console.log(`fates right: ${judged.length - wrong.length} of ${judged.length}`);
    expect(wrong).toEqual([]);
  });

  /** For whoever reads the run: how many of each severity, and which are not told. */
  function tell(): void {
    const all = measures.flatMap(({ label, problems }) => problems.map((one) => ({ label, ...one })));
    for (const severity of ['data-loss certain', 'data-loss likely', 'risk', 'advice']) {
      const shown = all.filter(({ problem }) => problem.severity === severity);
      const missed = shown.filter(({ finding }) => !finding);
      console.log(`${severity}: ${shown.length - missed.length} of ${shown.length} found`);
      for (const { label, problem } of missed)
        console.log(`  missed ${label.id} ${problem.file}:${problem.line} ${problem.kind} (${problem.knowable})`);
    }
  }

  test('problems: every certain loss that the Compose file alone shows is found', () => {
    tell();
    const missed = measures.flatMap(({ label, problems }) =>
      problems
        .filter(({ problem, finding, covered }) => covered && !finding && problem.severity === 'data-loss certain')
        .filter(({ problem }) => problem.knowable === 'static-from-compose')
        .map(({ problem }) => `${label.id} ${problem.file}:${problem.line} ${problem.kind}`),
    );
    expect(missed).toEqual([]);
  });

  test('no error or warning that a label forbids', () => {
    const anonymous = measures
      .flatMap(({ unlabelled }) => unlabelled)
      .map((finding) => `${finding.severity} ${finding.rule} ${placeOf(finding, corpus!)}`);
    for (const line of anonymous) console.log(`unlabelled: ${line}`);
    // Judged one by one: variants of a labelled stack that have the very problem its main file is labelled with.
    expect(anonymous.filter((line) => !line.includes('docker-limesurvey/'))).toEqual([]);
  });
});
