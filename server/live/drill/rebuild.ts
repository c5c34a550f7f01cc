/** The event `rebuild`: the images of the copy's own services are built anew, as far as that may be done. */
import type { Files } from '../../files.ts';
import type { WritableEngine } from '../engine-write.ts';
import { EngineFault, isFatal } from '../fault.ts';
import { type Planned, planBuild } from './build-plan.ts';
import type { Built, Driver } from './driver.ts';
import type { Scratch } from './scratch-model.ts';

export interface Rebuilding {
  readonly engine: WritableEngine;
  readonly scratch: Scratch;
  readonly driver: Driver;
  readonly files: Files;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Commands may be run. */
  readonly allowed: boolean;
  readonly signal: AbortSignal | undefined;
}

export interface Rebuilt {
  readonly images: ReadonlyMap<string, Built>;
  /** Of services that are built, but were not: why, as sentences without a full stop. */
  readonly refused: ReadonlyMap<string, string>;
}

/** One after the other: a build takes all that a machine has. @throws EngineFault when the engine goes away or it is cancelled */
export async function rebuild(around: Rebuilding): Promise<Rebuilt> {
  const images = new Map<string, Built>();
  const refused = new Map<string, string>();
  for (const { analysed, name } of around.scratch.services) {
    if (!analysed.service.build) continue;
    const plan = await planOf(analysed.service, around);
    const built = 'reason' in plan ? plan : await build(plan, around);
    if ('reason' in built) refused.set(name, built.reason);
    else images.set(name, built);
  }
  return { images, refused };
}

const planOf = (
  service: Scratch['services'][number]['analysed']['service'],
  { engine, scratch, files, env, allowed, signal }: Rebuilding,
): Promise<Planned> => {
  const image = (name: string) => engine.image(name, signal).catch(unlessFatal);
  return planBuild(service, { files, name: scratch.name, labels: scratch.labels, env, allowed, image });
};

async function build(
  plan: Exclude<Planned, { readonly reason: string }>,
  { engine, driver, signal }: Rebuilding,
): Promise<Built | { readonly reason: string }> {
  try {
    await driver.build(plan);
    const image = await engine.image(plan.tag, signal);
    return image ?? { reason: 'What was built for it is not on the engine' };
  } catch (error) {
    if (!(error instanceof EngineFault) || isFatal(error)) throw error;
    return { reason: `Its image could not be built: ${error.message.replace(/\.$/, '')}` };
  }
}

/** A name that no image can have is not on the engine either. */
export function unlessFatal(error: unknown): null {
  if (isFatal(error)) throw error;
  return null;
}
