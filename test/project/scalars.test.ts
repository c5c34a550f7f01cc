import { describe, expect, test } from 'vitest';
import { scalarOf } from '../../server/project/scalars.ts';
import type { ScalarNode } from '../../server/syntax/tree.ts';
import { parseYaml } from '../../server/syntax/yaml.ts';

const read = (text: string) => scalarOf(parseYaml({ path: '/a.yaml', text }).root as ScalarNode);

describe('plain scalars, as Compose writes them', () => {
  test.each([
    ['5', 'integer', '5'],
    ['+5', 'integer', '5'],
    ['-0', 'integer', '0'],
    ['0777', 'integer', '511'],
    ['0o17', 'integer', '15'],
    ['0x1F', 'integer', '31'],
    ['0b11', 'integer', '3'],
    ['1_000', 'integer', '1000'],
    ['18446744073709551615', 'integer', '18446744073709551615'],
    ['18446744073709551616', 'integer', '1.8446744073709552e+19'],
    ['089', 'integer', '89'],
    ['1.0', 'integer', '1'],
    ['1.10', 'number', '1.1'],
    ['1e3', 'integer', '1000'],
    ['123456789.25', 'number', '1.2345678925e+08'],
    ['0.00001', 'number', '1e-05'],
    ['.5', 'number', '0.5'],
    ['0o9', 'string', '0o9'],
    ['1,000', 'string', '1,000'],
    ['12:30:45', 'string', '12:30:45'],
    ['True', 'boolean', 'true'],
    ['yes', 'string', 'yes'],
    ['~', 'null', ''],
    ['2001-12-14', 'date', '2001-12-14 00:00:00 +0000 UTC'],
    ['2001-12-14t21:59:43.10-05:00', 'date', '2001-12-14 21:59:43.1 -0500 -0500'],
    ['2001-13-14', 'string', '2001-13-14'],
    ['"0777"', 'string', '0777'],
    ["'5'", 'string', '5'],
    ['|-\n  5', 'string', '5'],
    ['!!str 5', 'string', '5'],
  ])('%s', (text, kind, value) => {
    expect(read(text)).toEqual({ kind, text: value });
  });
});
