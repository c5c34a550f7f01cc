/** How the programs of a container are built and started, as far as the Dockerfile and the Compose file tell. */
import * as path from 'node:path';

export interface Building {
  /** Texts of RUN. */
  readonly commands: readonly string[];
  /** What `COPY --from` takes out of the stages that build. */
  readonly copied: readonly string[];
  /** The words that run. */
  readonly argv: readonly string[];
}

export const NOTHING_BUILT: Building = { commands: [], copied: [], argv: [] };

export interface BuildCommand {
  /** The packages, features or names that are built, as written. */
  readonly words: readonly string[];
  /** `-o`: the name of the program that comes of it. */
  readonly output: string | undefined;
}

/** The invocations of a build tool: `go build -o /server ./cmd/server`. */
export function invocations({ commands, argv }: Building, tool: RegExp): BuildCommand[] {
  return [...commands, argv.join(' ')]
    .flatMap((text) => text.split(/&&|\|\||[;|\n]/))
    .flatMap((segment) => {
      const found = tool.exec(segment);
      if (!found) return [];
      const words = segment
        .slice(found.index + found[0].length)
        .split(/\s+/)
        .map((word) => word.replace(/^["']|["']$/g, ''))
        .filter((word) => word !== '');
      const at = words.findIndex((word) => word === '-o' || word === '--output' || word.startsWith('-o='));
      const output = words[at]?.startsWith('-o=') ? words[at]!.slice(3) : at < 0 ? undefined : words[at + 1];
      const rest = at < 0 || words[at]!.startsWith('-o=') ? words : words.filter((_, i) => i !== at + 1);
      return [{ words: rest, output }];
    });
}

/** The last parts of the paths that are taken over or started. */
export const programNames = ({ copied, argv }: Building): ReadonlySet<string> =>
  new Set([...copied, ...argv.slice(0, 2)].map((word) => path.posix.basename(word)));
