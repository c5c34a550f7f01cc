/** Asks the server of each store about its data, where there is a probe for it. Nothing is written. */
import type { AnalysedStore } from '../stores/model.ts';
import { askOf } from './ask.ts';
import type { Container, Engine } from './engine.ts';
import { EngineFault, isFatal, messageOf } from './fault.ts';
import { probeOf } from './probes/index.ts';
import { type Told, Unable } from './probes/probe.ts';

/** What a server said, or why it said nothing. */
export type Heard =
  | { readonly told: Told; readonly proven: boolean; readonly ofParts: boolean }
  | { readonly unable: string };

/** Null: there is nobody to ask. */
export async function hear(
  engine: Engine,
  container: Container,
  { store }: AnalysedStore,
  path: string | null,
  signal: AbortSignal | undefined,
): Promise<Heard | null> {
  const probe = probeOf(store);
  if (!probe) return null;
  try {
    const told = await probe.read(askOf({ engine, container, store, path, signal }));
    const proven = typeof probe.proven === 'function' ? probe.proven(told) : probe.proven;
    return { told, proven, ofParts: probe.ofParts === true };
  } catch (error) {
    if (error instanceof Unable) return { unable: container.redact(error.message) };
    if (!(error instanceof EngineFault) || isFatal(error)) throw error;
    return { unable: container.redact(messageOf(error).replace(/\.$/, '')) };
  }
}

export const toldIn = (heard: Heard | null | undefined): Told | null => (heard && 'told' in heard ? heard.told : null);
