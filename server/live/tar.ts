/** Reads the archive that an engine streams, and stops reading as soon as enough was seen. */
import type { Archive, ArchiveEntry, ArchiveLimits } from './engine.ts';

const BLOCK = 512;

/** `stream` is left alone after the last byte that was wanted: the caller destroys it. */
export async function readTar(stream: AsyncIterable<Uint8Array>, limits: ArchiveLimits): Promise<Archive> {
  const entries: ArchiveEntry[] = [];
  const input = new Input(stream, limits.bytesTotal);
  let longName: string | undefined;
  for (;;) {
    const header = await input.take(BLOCK);
    if (!header || header.every((byte) => byte === 0)) return { entries, complete: !input.spent };
    const size = numberIn(header, 124, 12);
    const padding = (BLOCK - (size % BLOCK)) % BLOCK;
    const type = String.fromCharCode(header[156]!);
    // The name of the next entry, as GNU and as PAX write it.
    if (type === 'L' || type === 'x') {
      const data = await input.take(size);
      if (!data || !(await input.skip(padding))) return { entries, complete: false };
      longName = type === 'L' ? textIn(data, 0, size) : (paxPath(data) ?? longName);
      continue;
    }
    if (type === 'g') {
      if (!(await input.skip(size + padding))) return { entries, complete: false };
      continue;
    }
    if (entries.length >= limits.entries) return { entries, complete: false };
    const prefix = textIn(header, 257, 5) === 'ustar' && header[263] === 0x30 ? textIn(header, 345, 155) : '';
    const name = longName ?? (prefix ? `${prefix}/` : '') + textIn(header, 0, 100);
    longName = undefined;
    const kept = type === '0' || type === '\0' ? Math.min(size, limits.bytesEach) : 0;
    const entry = { path: name, kind: kindOf(type), size, modified: numberIn(header, 136, 12) };
    const bytes = await input.take(kept);
    entries.push({ ...entry, bytes: bytes ?? new Uint8Array() });
    // The wanted entries are all there: what follows of the last is not waited for.
    if (entries.length >= limits.entries && kept < size) return { entries, complete: false };
    if (!bytes || !(await input.skip(size - kept + padding))) return { entries, complete: false };
  }
}

/**
 * Names below the path that was asked for. Docker begins them with its last part; Podman does, or with a slash, or
 * leaves out the folder itself.
 */
export function relative(archive: Archive, asked: string): Archive {
  const base =
    asked
      .replace(/\/\.?$/, '')
      .split('/')
      .at(-1) ?? '';
  const clean = (path: string): string => path.replace(/^(\.?\/)+|\/+$/g, '').replace(/^\.$/, '');
  const prefixed = base !== '' && clean(archive.entries[0]?.path ?? '') === base;
  const below = (path: string): string => (prefixed ? clean(path).slice(base.length + 1) : clean(path));
  return { ...archive, entries: archive.entries.map((entry) => ({ ...entry, path: below(entry.path) })) };
}

const KINDS: Readonly<Record<string, ArchiveEntry['kind']>> = {
  '0': 'file',
  '\0': 'file',
  '5': 'directory',
  '1': 'link',
  '2': 'link',
};
const kindOf = (type: string): ArchiveEntry['kind'] => KINDS[type] ?? 'other';

function textIn(bytes: Uint8Array, from: number, length: number): string {
  const part = bytes.subarray(from, from + length);
  const end = part.indexOf(0);
  return Buffer.from(end < 0 ? part : part.subarray(0, end)).toString('utf8');
}

/** Octal digits, or base 256 for what is too large for them. */
function numberIn(bytes: Uint8Array, from: number, length: number): number {
  if ((bytes[from]! & 0x80) !== 0) {
    let value = bytes[from]! & 0x7f;
    for (let i = from + 1; i < from + length; i++) value = value * 256 + bytes[i]!;
    return value;
  }
  return Number.parseInt(textIn(bytes, from, length).trim(), 8) || 0;
}

function paxPath(data: Uint8Array): string | undefined {
  return /^\d+ path=(.*)$/m.exec(Buffer.from(data).toString('utf8'))?.[1];
}

/** Bytes in the order they arrive, up to a limit. */
class Input {
  spent = false;
  private buffered: Uint8Array = new Uint8Array();
  private left: number;
  private readonly chunks: AsyncIterator<Uint8Array>;

  constructor(stream: AsyncIterable<Uint8Array>, limit: number) {
    this.chunks = stream[Symbol.asyncIterator]();
    this.left = limit;
  }

  /** Null when there are not so many. */
  async take(count: number): Promise<Uint8Array | null> {
    if (!(await this.fill(count))) return null;
    const taken = this.buffered.subarray(0, count);
    this.buffered = this.buffered.subarray(count);
    return taken;
  }

  async skip(count: number): Promise<boolean> {
    let rest = count;
    while (rest > 0) {
      const part = Math.min(rest, Math.max(this.buffered.length, 1));
      if (!(await this.take(part))) return false;
      rest -= part;
    }
    return true;
  }

  private async fill(count: number): Promise<boolean> {
    if (this.buffered.length >= count) return true;
    // Joined once: joining at each chunk would take time with the square of a file's size.
    const parts = [this.buffered];
    let length = this.buffered.length;
    let ended = false;
    while (length < count && this.left > 0 && !ended) {
      const { value, done } = await this.chunks.next();
      ended = done === true;
      if (done) break;
      this.left -= value.length;
      length += value.length;
      parts.push(value);
    }
    if (length < count && !ended) this.spent = true;
    if (parts.length > 1) this.buffered = Buffer.concat(parts);
    return length >= count;
  }
}
