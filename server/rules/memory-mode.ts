/** Servers that were started so that they keep everything in memory. */
import { environmentHolds, satisfies, versionOf } from '../catalogue/match.ts';
import type { AnalysedService } from '../stores/model.ts';
import { flagValue, flatWords } from '../stores/words.ts';
import { isWithin } from '../survival/backing.ts';
import type { Span } from '../syntax/source.ts';
import { MEMORY_MODES, type MemoryMode } from './families.ts';
import { valuesOf } from './values.ts';

export interface Memory {
  readonly mode: MemoryMode;
  /** `-dev in the command`: what says so. */
  readonly because: string;
  readonly span: Span;
}

/** What makes the service keep its data in memory; undefined where nothing does, or where it cannot be told. */
export function memoryMode(analysed: AnalysedService): Memory | undefined {
  const { match } = analysed.image;
  const modes = match && !match.openTag ? (MEMORY_MODES[match.family.id] ?? []) : [];
  for (const mode of modes) {
    if (mode.version !== undefined && !satisfies(versionOf(match!), mode.version)) continue;
    if (isOpen(mode, analysed)) continue;
    const found = reasonOf(mode, analysed);
    if (found) return { mode, ...found };
  }
  return undefined;
}

/** A configuration that is not read here may say otherwise. */
const isOpen = ({ unless }: MemoryMode, { service, environment }: AnalysedService): boolean =>
  (unless?.variables?.some((name) => environment.has(name)) ?? false) ||
  (unless?.mounts?.some((at) => service.mounts.some(({ target }) => isWithin(at, target) || isWithin(target, at))) ??
    false);

function reasonOf(mode: MemoryMode, analysed: AnalysedService): { because: string; span: Span } | undefined {
  const { service, argv, environment, image } = analysed;
  const written = service.command ?? service.entrypoint ?? undefined;
  const words = flatWords(argv);
  switch (mode.by) {
    case 'default': {
      const own = written ?? image.stage?.command ?? image.stage?.entrypoint;
      // Entrypoints of the image run its own default only where nothing stands in its place.
      return own ? undefined : { because: `the image starts with \`${mode.key}\``, span: image.match!.span };
    }
    case 'word': {
      if (!words.includes(mode.key) || !written) return undefined;
      const at = written.words.findIndex((word) => word.split(/\s+/).includes(mode.key));
      return { because: `\`${mode.key}\` in the command`, span: written.spans[at] ?? written.span };
    }
    case 'flag': {
      const [flag = '', value] = mode.key.split(' ');
      if (!written || flagValue(words, flag) !== value) return undefined;
      const at = written.words.findIndex((word) => word.split(/[=\s]/)[0] === flag);
      return { because: `\`${mode.key}\` in the command`, span: written.spans[at] ?? written.span };
    }
    case 'env': {
      const values = valuesOf({ environment });
      if (environmentHolds(mode.key, values) !== true) return undefined;
      const entry = environment.get(mode.key.split('=')[0]!);
      return { because: `\`${mode.key}\``, span: entry?.evidence.span ?? service.key };
    }
  }
}
