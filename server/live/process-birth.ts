/** Whether a process that was noted still runs. */
import * as fs from 'node:fs';

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
