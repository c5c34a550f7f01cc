import { describe, expect, test } from 'vitest';
import { fate } from '../../server/survival/fate.ts';
import { type BackingType, EVENTS, type Runtime } from '../../server/survival/words.ts';

/** Measured: Docker 20.10 and 26.1 with Compose 2.26, and the commands that Quadlet generates. */
const MEASURED: Record<Runtime, Record<BackingType, string>> = {
  compose: {
    'writable-layer': 'kept lost lost lost kept kept',
    'anonymous-volume': 'kept kept orphaned lost kept kept',
    'named-volume': 'kept kept kept lost kept kept',
    'external-volume': 'kept kept kept kept kept kept',
    'bind-mount': 'kept kept kept kept kept kept',
    'network-volume': 'kept kept kept kept kept kept',
    tmpfs: 'lost lost lost lost lost lost',
    image: 'kept lost lost lost kept kept',
    unknown: 'unknown unknown unknown unknown unknown unknown',
  },
  quadlet: {
    'writable-layer': 'lost lost lost lost lost lost',
    'anonymous-volume': 'lost lost lost lost lost lost',
    'named-volume': 'kept kept kept kept kept kept',
    'external-volume': 'kept kept kept kept kept kept',
    'bind-mount': 'kept kept kept kept kept kept',
    'network-volume': 'kept kept kept kept kept kept',
    tmpfs: 'lost lost lost lost lost lost',
    image: 'lost lost lost lost lost lost',
    unknown: 'unknown unknown unknown unknown unknown unknown',
  },
};

for (const [runtime, table] of Object.entries(MEASURED) as [Runtime, Record<BackingType, string>][]) {
  describe(runtime, () => {
    test.each(Object.entries(table) as [BackingType, string][])('%s', (type, fates) => {
      expect(EVENTS.map((event) => fate({ type }, event, runtime)).join(' ')).toBe(fates);
    });
  });
}

test('a named volume that is a host directory outlives down --volumes', () => {
  expect(fate({ type: 'named-volume', elsewhere: true }, 'down-volumes', 'compose')).toBe('kept');
});
