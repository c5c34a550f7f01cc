import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../server/fixes/edits.ts';
import { addLines } from '../../server/fixes/ignore-lines.ts';

describe('addLines', () => {
  test.each([
    ['', ['*.db'], '*.db\n'],
    ['node_modules\n', ['*.db', '*.db-wal'], 'node_modules\n*.db\n*.db-wal\n'],
    ['node_modules', ['*.db', '*.db-wal'], 'node_modules\n*.db\n*.db-wal'],
    ['node_modules\r\n', ['*.db'], 'node_modules\r\n*.db\r\n'],
    ['*.db \n# x\n', ['*.db', '.env', '.env'], '*.db \n# x\n.env\n'],
    ['*.db\n!*.db\n', ['*.db'], '*.db\n!*.db\n*.db\n'],
    ['*.db\n!seed.db\n', ['*.db'], '*.db\n!seed.db\n'],
    ['# *.db\n', ['*.db'], '# *.db\n*.db\n'],
  ])('%j and %j', (before, lines, after) => {
    const edits = addLines({ path: '/.gitignore', text: before }, lines);
    expect(applyEdits(before, edits)).toBe(after);
    expect(addLines({ path: '/.gitignore', text: after }, lines)).toEqual([]);
  });

  test('creates a file as a source without text', () => {
    expect(addLines({ path: '/p/.dockerignore', exists: false }, ['*.db', '*.db-wal'])).toEqual([
      { source: { path: '/p/.dockerignore', text: '' }, start: 0, end: 0, newText: '*.db\n*.db-wal\n' },
    ]);
  });
});
