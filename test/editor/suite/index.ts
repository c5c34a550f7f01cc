/** Runs in the extension host: every `*.test.ts` beside this file, then the results into the file EDITOR_RESULTS. */
import * as fs from 'node:fs';
import * as path from 'node:path';

export interface Result {
  readonly title: string;
  readonly error?: string;
}

export async function run(): Promise<void> {
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({ ui: 'bdd', timeout: 120_000, color: false, forbidOnly: true, forbidPending: true });
  for (const name of fs.readdirSync(__dirname).sort()) {
    if (name.endsWith('.test.cjs')) mocha.addFile(path.join(__dirname, name));
  }
  await mocha.loadFilesAsync();
  const results: Result[] = [];
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    runner.on('pass', (test) => results.push({ title: test.fullTitle() }));
    runner.on('fail', (test, error: Error) => {
      results.push({ title: test.fullTitle(), error: error.stack ?? String(error) });
    });
  });
  fs.writeFileSync(process.env.EDITOR_RESULTS!, JSON.stringify(results));
  if (failures > 0) throw new Error(`${failures} failed`);
}
