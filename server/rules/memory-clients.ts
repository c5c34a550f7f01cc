/** Applications whose embedded store is given a folder, and keeps everything in memory. */
import * as path from 'node:path';
import { type Files, UnreadableFile } from '../files.ts';
import type { AnalysedService } from '../stores/model.ts';
import type { Finding, RuleContext } from './rule.ts';

const MANIFEST =
  /(?:^|\/)(?:requirements[^/]*\.(?:txt|in)|constraints[^/]*\.txt|pyproject\.toml|setup\.(?:py|cfg)|Pipfile|environment\.ya?ml)$/;

/** Chroma before 0.4 was told to persist in other ways. */
const OLD =
  /\bchromadb\b[^\n]*?(?:==|~=|\^|<=|=\s*["'])\s*v?0\.[0-3](?![\d])|\bchromadb\b[^\n]*<\s*0\.4(?:\.0)*(?![\d.])/;

const PASSING = /(?:^|\/)(?:te?mp|cache)(?:\/|$)/i;

export function* memoryClients(context: RuleContext, analysed: AnalysedService): Iterable<Omit<Finding, 'rule'>> {
  const { service, environment, stores } = analysed;
  const told = new Set<string>();
  for (const { store } of stores) {
    const at = store.inMemory?.instead;
    if (at === undefined || PASSING.test(at) || told.has(at)) continue;
    // Chroma reads all its settings from variables as well.
    const maySay = ['IS_PERSISTENT', 'CHROMA_API_IMPL', 'CHROMA_DB_IMPL'].some((name) => environment.has(name));
    if (maySay || textsOf(analysed, context.files).some(says)) continue;
    told.add(at);
    // A file that is not here may set one of them.
    const isSure = service.environmentGaps.length === 0;
    yield {
      severity: isSure ? 'warning' : 'info',
      message: `${store.title} keeps everything in memory (it is given a folder, but not is_persistent): nothing is written to ${at}, and all is lost at every stop and restart${isSure ? '' : ', unless IS_PERSISTENT says otherwise'}`,
      span: service.key,
      service: service.name,
      store,
      related: store.evidence,
      fixes: () => [],
    };
  }
}

const says = (text: string): boolean => OLD.test(text) || /^(?:export\s+)?IS_PERSISTENT\s*=/im.test(text);

/** What says which version is installed, and what the application reads its settings from. */
function textsOf({ placed, image }: AnalysedService, files: Files): string[] {
  const hosts = new Set([...placed.running.values(), ...contextFiles(placed)]);
  const texts = [...hosts].filter((host) => MANIFEST.test(host) || path.posix.basename(host) === '.env');
  return [...placed.building.commands, image.stage?.source.text ?? '', ...texts.map((host) => textOf(host, files))];
}

const contextFiles = ({ context }: AnalysedService['placed']): string[] =>
  context?.files.map((file) => path.posix.join(context.directory, file)) ?? [];

function textOf(host: string, files: Files): string {
  try {
    return files.read(host).text;
  } catch (error) {
    if (error instanceof UnreadableFile) return '';
    throw error;
  }
}
