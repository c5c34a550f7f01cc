/** Rewrites a text file whole or not at all, with its encoding, its mode and the link that leads to it. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Files } from '../files.ts';

/** The message is a sentence about the file, without its name. */
export class CannotWrite extends Error {}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Whether `file` still holds `text`, in an encoding that can be written back. A file that does not exist yet may be
 * created where `text` is empty. @throws CannotWrite
 */
export function checkWritable(files: Files, file: string, text: string): void {
  if (files.kind(file) === 'missing') {
    if (text !== '') throw new CannotWrite('is not fixed: it has gone');
    return;
  }
  readBack(file, text);
}

function readBack(file: string, text: string): { bytes: Buffer; bom: boolean } {
  const bytes = guarded(() => fs.readFileSync(file));
  const bom = bytes.subarray(0, 3).equals(BOM);
  if (Buffer.from(text).equals(bom ? bytes.subarray(3) : bytes)) return { bytes, bom };
  const utf8 = Buffer.from(bytes.toString('utf8')).equals(bytes);
  throw new CannotWrite(utf8 ? 'is not fixed: it has changed meanwhile' : 'is not fixed: it is not encoded as UTF-8');
}

/** @throws CannotWrite */
export function writeWhole(files: Files, file: string, before: string, after: string): void {
  if (files.kind(file) === 'missing') {
    if (before !== '') throw new CannotWrite('is not fixed: it has gone');
    guarded(() => fs.writeFileSync(file, after, { flag: 'wx' }));
    return;
  }
  const { bom } = readBack(file, before);
  // A rename would replace a link by a file.
  const real = guarded(() => fs.realpathSync(file));
  const { mode, uid, gid } = guarded(() => fs.statSync(real));
  guarded(() => fs.accessSync(real, fs.constants.W_OK));
  const draft = path.join(path.dirname(real), `.${path.basename(real)}.${process.pid}.tmp`);
  try {
    guarded(() => {
      fs.writeFileSync(draft, bom ? Buffer.concat([BOM, Buffer.from(after)]) : after, { flag: 'wx' });
      fs.chmodSync(draft, mode & 0o7777);
      if (process.getuid?.() === 0) fs.chownSync(draft, uid, gid);
      fs.renameSync(draft, real);
    });
  } catch (error) {
    fs.rmSync(draft, { force: true });
    throw error;
  }
}

function guarded<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof CannotWrite) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    const denied = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
    throw new CannotWrite(`is not fixed: ${denied ? 'it may not be written' : `it cannot be written (${code})`}`);
  }
}
