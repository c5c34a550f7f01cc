/** A script that a service is started with: mounted or copied into its container, it is run there and not on the host. */
import * as path from 'node:path';
import type { Command, Script } from '../../scripts/model.ts';
import type { AnalysedProject, AnalysedService } from '../../stores/model.ts';
import { isWithin } from '../../survival/backing.ts';

/** The service whose command names the file, by where it stands in the container; undefined where none does. */
export const runnerOf = ({ source, kind }: Script, { services }: AnalysedProject): AnalysedService | undefined =>
  kind === 'shell' ? services.find((one) => isNamed(placesOf(source.path, one), one)) : undefined;

/** As the script reads there: what it runs itself, it runs in the container. */
export function insideOf(script: Script, { service: { name, key } }: AnalysedService): Script {
  const within = [{ kind: 'service' as const, name: { text: name, span: key, told: true }, by: null }];
  const moved = (command: Command): Command => (command.within.length > 0 ? command : { ...command, within });
  return { ...script, parts: script.parts.map((part) => ({ ...part, commands: part.commands.map(moved) })) };
}

function placesOf(file: string, { service, placed }: AnalysedService): string[] {
  const copied = [...placed.image].flatMap(([at, host]) => (host === file ? [at] : []));
  const mounted = service.mounts.flatMap(({ type, source, target, unresolved }) =>
    type === 'bind' && source !== undefined && unresolved.length === 0 && isWithin(file, source)
      ? [path.posix.join(target, path.posix.relative(source, file))]
      : [],
  );
  return [...copied, ...mounted];
}

/** As a word of the command, or in the text that a shell is given. */
function isNamed(places: readonly string[], { argv, service, image }: AnalysedService): boolean {
  if (places.length === 0) return false;
  const folder = service.workingDir?.value ?? image.workdir;
  const words = argv.flatMap((text) => text.split(/[\s;&|()"'`]+/)).filter((text) => text !== '');
  return words.some((word) => places.includes(path.posix.resolve(folder, word)));
}
