/** Servers that keep data only when they are told to: what tells them. */
import type { Evidence } from '../../survival/words.ts';
import type { Word } from '../command.ts';
import type { Configuration } from './configuration.ts';

interface Demand {
  readonly path: string;
  /** Settings that ask for it. */
  readonly settings: readonly string[];
  /** The value that switches it on; any where there is none. */
  readonly value?: RegExp;
  readonly flags?: readonly string[];
}

const DEMANDS: Readonly<Record<string, Demand>> = {
  mosquitto: { path: '/mosquitto/data', settings: ['persistence'], value: /^true$/i },
  nats: {
    path: '/tmp/nats/jetstream',
    settings: ['jetstream', 'jetstream.store_dir', 'jetstream.max_file', 'jetstream.max_mem', 'jetstream.domain'],
    value: /^(?!(false|disabled)$)/i,
    flags: ['-js', '--js', '-jetstream', '--jetstream'],
  },
};

/** The evidence that the data is kept; `unmet` where the configuration is known and does not ask for it; undefined where that is open. */
export function demandOn(
  family: string,
  path: string,
  words: readonly Word[],
  configuration: Configuration,
): Evidence | 'unmet' | undefined {
  const demand = DEMANDS[family];
  if (demand?.path !== path) return undefined;
  const flag = words.find(({ text }) => demand.flags?.includes(text));
  if (flag) {
    const span = flag.span ? { span: flag.span } : {};
    return { from: flag.from, note: `${flag.text} in the command`, ...span, confidence: 'primary' };
  }
  if (configuration.files.length === 0) return undefined;
  const found = demand.settings.map((key) => configuration.setting(key)).find((setting) => setting !== undefined);
  if (found && (demand.value?.test(found.value) ?? true)) {
    return {
      from: 'configuration',
      note: `${found.key} ${found.value} in the configuration`,
      span: found.span,
      confidence: 'primary',
    };
  }
  return configuration.files.some(({ source }) => source === null) ? undefined : 'unmet';
}
