/** Writes archives, entry by entry: nothing is held in memory but one piece of one file. */
import * as fs from 'node:fs';

export interface TarEntry {
  /** Relative, with forward slashes. */
  readonly name: string;
  readonly mode: number;
  /** Seconds. */
  readonly modified: number;
  readonly content:
    | { readonly kind: 'text'; readonly text: string }
    /** So many bytes of it, whatever becomes of the file meanwhile. */
    | { readonly kind: 'file'; readonly path: string; readonly size: number }
    | { readonly kind: 'directory' }
    | { readonly kind: 'link'; readonly target: string };
}

const BLOCK = 512;
const PIECE = 1 << 20;
const SHORT = 100;

export async function* writeTar(entries: Iterable<TarEntry>): AsyncGenerator<Buffer> {
  for (const entry of entries) yield* entryOf(entry);
  yield Buffer.alloc(2 * BLOCK);
}

async function* entryOf({ name, mode, modified, content }: TarEntry): AsyncGenerator<Buffer> {
  const target = content.kind === 'link' ? content.target : '';
  const full = content.kind === 'directory' ? `${name}/` : name;
  // Names that the header has no room for go before it, as GNU writes them.
  if (Buffer.byteLength(full) > SHORT) yield long('L', full);
  if (Buffer.byteLength(target) > SHORT) yield long('K', target);
  const text = content.kind === 'text' ? Buffer.from(content.text) : null;
  const size = text?.length ?? (content.kind === 'file' ? content.size : 0);
  const type = { text: '0', file: '0', directory: '5', link: '2' }[content.kind];
  yield header({ name: full, target, mode, modified, size, type });
  if (text) yield padded(text);
  if (content.kind !== 'file') return;
  yield* bytesOf(content.path, size);
  if (size % BLOCK > 0) yield Buffer.alloc(BLOCK - (size % BLOCK));
}

/** Exactly so many: what a file has lost since it was measured is made up with zeros. */
async function* bytesOf(path: string, size: number): AsyncGenerator<Buffer> {
  const file = await fs.promises.open(path, 'r');
  try {
    for (let left = size; left > 0; ) {
      const piece = Buffer.alloc(Math.min(PIECE, left));
      const { bytesRead } = await file.read(piece, 0, piece.length);
      const taken = bytesRead === 0 ? piece : piece.subarray(0, bytesRead);
      left -= taken.length;
      yield taken;
    }
  } finally {
    await file.close();
  }
}

interface Header {
  readonly name: string;
  readonly target: string;
  readonly mode: number;
  readonly modified: number;
  readonly size: number;
  readonly type: string;
}

const long = (type: string, text: string): Buffer => {
  const data = Buffer.from(`${text}\0`);
  const head = header({ name: '././@LongLink', target: '', mode: 0o644, modified: 0, size: data.length, type });
  return Buffer.concat([head, padded(data)]);
};

const padded = (data: Buffer): Buffer => Buffer.concat([data, Buffer.alloc((BLOCK - (data.length % BLOCK)) % BLOCK)]);

function header({ name, target, mode, modified, size, type }: Header): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number): void => {
    block.write(
      `${Math.max(0, Math.floor(value))
        .toString(8)
        .padStart(length - 1, '0')}\0`,
      at,
    );
  };
  Buffer.from(name).copy(block, 0, 0, SHORT);
  octal(mode & 0o7777, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(modified, 136, 12);
  block.write('        ', 148);
  block.write(type, 156);
  Buffer.from(target).copy(block, 157, 0, SHORT);
  block.write('ustar  \0', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
