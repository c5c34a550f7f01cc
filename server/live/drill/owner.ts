/** Whose a scratch copy is: a process on a machine. When it has ended the copy is litter. */
import * as os from 'node:os';
import { LABEL } from '../gate.ts';
import { birthOf, isAlive } from '../process-birth.ts';

const STARTED = `${LABEL}.started`;
const HOST = `${LABEL}.host`;
const PID = `${LABEL}.pid`;
const BORN = `${LABEL}.born`;
/** Of volumes without a name, which bear no label, that are about to be left behind. */
export const LEFT = `${LABEL}.left`;

export type Labels = Readonly<Record<string, string>>;

/** Copies that this process is at work on. */
const atWork = new Set<string>();

export const beginWork = (id: string): void => void atWork.add(id);
export const endWork = (id: string): void => void atWork.delete(id);

export const labelsFor = (id: string): Labels => ({
  [LABEL]: id,
  [STARTED]: new Date().toISOString(),
  [HOST]: os.hostname(),
  [PID]: String(process.pid),
  [BORN]: birthOf(process.pid),
});

/** Null: it is not part of a scratch copy. */
export const idOf = (labels: Labels): string | null =>
  /^[0-9a-f]{8}$/.test(labels[LABEL] ?? '') ? labels[LABEL]! : null;

export const startOf = (labels: Labels): string => labels[STARTED] ?? '';

const DAY = 24 * 60 * 60 * 1000;

/** From elsewhere it cannot be seen whether a process runs: no drill takes a day. */
export function isLitter(labels: Labels, now: number = Date.now()): boolean {
  const { [LABEL]: id = '', [HOST]: host, [PID]: pid = '', [BORN]: born = '' } = labels;
  if (host !== os.hostname()) return now - Date.parse(startOf(labels)) > DAY;
  if (Number(pid) === process.pid && born === birthOf(process.pid)) return !atWork.has(id);
  return !isAlive(Number(pid), born);
}
