import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { load } from '../../server/start/load.ts';
import { folder } from '../cli/helpers.ts';

const script = (body: string): string => `(function (exports, require, module, __filename, __dirname) {${body}\n})`;

const ANSWER = script('exports.answer = () => 42;');

const answerOf = (exports: unknown): unknown => (exports as { answer: () => unknown }).answer();

function written(text: string): string {
  return path.join(folder({ 'body.js': text }), 'body.js');
}

describe('a script', () => {
  it('is run as Node runs a CommonJS module', () => {
    const file = written(
      script('module.exports = [require("node:path").sep, require("./x.json"), __filename, __dirname];'),
    );
    fs.writeFileSync(path.join(path.dirname(file), 'x.json'), '[1]');
    expect(load(file, undefined).exports).toEqual([path.sep, [1], file, path.dirname(file)]);
  });

  it('is named in the stacks of its errors', () => {
    const file = written(script('\nexports.fail = () => { throw new Error("no"); };'));
    const { fail } = load(file, undefined).exports as { fail: () => void };
    expect(() => fail()).toThrow(expect.objectContaining({ stack: expect.stringContaining(`${file}:2:`) }));
  });

  it('is taken as it was compiled, with the functions that had run', () => {
    const file = written(ANSWER);
    const { exports, script: first } = load(file, undefined);
    const before = first.createCachedData();
    expect(answerOf(exports)).toBe(42);
    const after = first.createCachedData();
    expect(after.length).toBeGreaterThan(before.length);
    const second = load(file, after);
    expect(second.script.cachedDataRejected).toBe(false);
    expect(answerOf(second.exports)).toBe(42);
  });

  it('is compiled anew where the script has another length', () => {
    const file = written(ANSWER);
    const compiled = load(file, undefined).script.createCachedData();
    fs.writeFileSync(file, script('exports.answer = () => "forty-two";'));
    const { exports, script: second } = load(file, compiled);
    expect(second.cachedDataRejected).toBe(true);
    expect(answerOf(exports)).toBe('forty-two');
  });

  it('is compiled anew where what was kept is none of V8', () => {
    const { exports, script: second } = load(written(ANSWER), Buffer.from('something else'));
    expect(second.cachedDataRejected).toBe(true);
    expect(answerOf(exports)).toBe(42);
  });
});
