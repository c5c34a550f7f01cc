import { describe, expect, test } from 'vitest';
import { UnreadableFile } from '../../server/files.ts';
import { selectionsFor } from '../../server/lint/discover.ts';
import { remember } from '../../server/lint/sets/remember.ts';
import { DEFAULT_SETTINGS } from '../../server/lint/settings.ts';
import { memory } from './memory.ts';

const TREE = {
  'app/compose.yaml': 'services: {a: {image: x}}\n',
  'app/compose.override.yaml': 'services: {}\n',
  Makefile: 'up:\n\tdocker compose -f app/compose.yaml up\n',
};

describe('looking for projects again', () => {
  const choose = (files: ReturnType<typeof remember>) =>
    selectionsFor(files, '/w/app/compose.yaml', DEFAULT_SETTINGS, '/w').length;

  test('asks the disk for nothing but the text that changed', () => {
    const disk = memory(TREE);
    const files = remember(disk);
    expect(choose(files)).toBe(2);
    disk.asked.list = disk.asked.read = 0;
    expect(choose(files)).toBe(2);
    expect(disk.asked).toEqual({ list: 0, read: 0 });
    files.forget('/w/app/compose.yaml');
    expect(choose(files)).toBe(2);
    expect(disk.asked).toEqual({ list: 0, read: 1 });
    files.forgetAll();
    expect(choose(files)).toBe(2);
    expect(disk.asked.list).toBeGreaterThan(0);
  });

  test('knows what mattered', () => {
    const files = remember(memory(TREE));
    expect(files.knows('/w/app/new.yaml')).toBe(false);
    choose(files);
    for (const path of ['/w/app/new.yaml', '/w/Makefile', '/w/app', '/w/app/.env'])
      expect(files.knows(path)).toBe(true);
    for (const path of ['/w/other/deep/x.js', '/x']) expect(files.knows(path)).toBe(false);
    expect(files.knowsText('/w/app/compose.yaml')).toBe(true);
    expect(files.knowsText('/w/app/main.py')).toBe(false);
  });

  test('a file that cannot be read stays unreadable until it is forgotten', () => {
    const files = remember(memory(TREE));
    expect(() => files.read('/w/x')).toThrow(UnreadableFile);
    expect(() => files.read('/w/x')).toThrow('does not exist');
  });
});
