/** What a tag says: the version of the program, and the flavours of the image. */

export interface Tag {
  /** Dotted numbers; null when the tag names none. */
  readonly version: string | null;
  readonly flavours: readonly string[];
}

/** `v1.2.3`, `2.x`, `8.0.0-rc1` without its dash, `5.15ee`. */
const VERSION =
  /^v?(\d+(?:\.\d+)*)(?:\.x|[.+]?(?:alpha|beta|rc|pre|preview|dev|post|a|b|m|p|ce|ee|ga|final|release)[.\d]*|\+.*)?$/i;
/** `RELEASE.2024-01-16T16-07-38Z`, `2024-01-16`: a date is a version whose parts are its numbers. */
const DATE = /^(?:release[.-])?v?(\d{4})-(\d{2})-(\d{2})(?![\d.])/i;
/** `pg16`, `pg16.3`: the PostgreSQL inside an image that adds something to it. */
const POSTGRES = /(?:^|[-_])pg(\d+(?:\.\d+)*)(?=$|[-_])/i;
/** The day of a build: `bookworm-20240110`. */
const BUILD_DATE = /^\d{8,}$/;
/** What a number behind it counts: `debian-12`, `jdk-17`. */
const NOT_THE_PROGRAM =
  /^(?:alpine|debian|ubuntu|ubi|rhel|centos|fedora|photon|jdk|jre|java|temurin|python|py|node|php|ruby|go|golang|cuda|rocm|pg|postgres|postgresql|ts|r|rev|build|sha)$/i;
/** `alpine3.19`, `ubi9`, `jdk17`: the number is not part of the flavour. */
const NUMBERED = /^([a-z]+)[\d.]+$/i;

/**
 * Reads a tag. A version is the first part that looks like one and that no word in front of it claims; `latest`,
 * `alpine` or `bookworm` name none. With `postgres` the number behind `pg` wins (`2.14.2-pg16`, `pg17-v0.2.0`).
 */
export function readTag(tag: string | null, postgres = false): Tag {
  if (tag === null) return { version: null, flavours: [] };
  const date = DATE.exec(tag);
  if (date) return { version: `${date[1]}.${date[2]}.${date[3]}`, flavours: flavoursOf(tag.slice(date[0].length)) };
  const inside = postgres ? POSTGRES.exec(tag)?.[1] : undefined;
  return { version: inside ?? firstVersion(tag.split(/[-_]/)), flavours: flavoursOf(tag) };
}

/** Whether the number is that of the PostgreSQL inside, and not of what is added to it. */
export const namesPostgres = (tag: string | null): boolean => tag !== null && POSTGRES.test(tag);

function firstVersion(parts: readonly string[]): string | null {
  for (const [i, part] of parts.entries()) {
    const found = VERSION.exec(part)?.[1];
    const before = parts[i - 1];
    const claimed = before !== undefined && (NOT_THE_PROGRAM.test(before) || BUILD_DATE.test(part));
    if (found !== undefined && !claimed) return found;
  }
  return null;
}

function flavoursOf(text: string): string[] {
  const words = text
    .toLowerCase()
    .split(/[-_]/)
    .filter((part) => /^[a-z]/.test(part) && !VERSION.test(part));
  return [...new Set(words.flatMap((word) => [word, NUMBERED.exec(word)?.[1] ?? word]))];
}
