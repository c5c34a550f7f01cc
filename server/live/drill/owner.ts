/** Whose a scratch copy is: a process on a machine. When it has ended the copy is litter. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import { LABEL } from '../gate.ts';

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

/** Process ids come round again: the time of the start tells two of them apart where the system shows it. */
export function isAlive(pid: number, born: string): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: somebody else's, so alive.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = birthOf(pid);
  return born === '' || now === '' || now === born;
}

/** The boot, and the ticks from it to the start of the process; empty where there is no /proc. */
export function birthOf(pid: number): string {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program stands in brackets, and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // One that has ended, and that nobody has asked about yet.
    if (fields[0] === 'Z') return 'ended';
    return `${fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8)}-${fields[19]}`;
  } catch {
    return '';
  }
}
