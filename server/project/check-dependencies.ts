/** What services wait for must run, and must not wait for them in turn. */
import type { Refuse } from './check-words.ts';
import { type Dependency, dependenciesOf } from './dependencies.ts';
import type { Service } from './model.ts';

/** `inactive` are the services that the profiles leave out. */
export function checkDependencies(
  services: ReadonlyMap<string, Service>,
  inactive: ReadonlySet<string>,
  refuse: Refuse,
): void {
  const all = new Map([...services.values()].map((service) => [service.name, dependenciesOf(service)]));
  for (const [name, dependencies] of all) {
    for (const { service: other, required, span } of dependencies) {
      if (services.has(other) || (inactive.has(other) && !required)) continue;
      const why = inactive.has(other) ? 'the active profiles leave out' : 'is no service of this project';
      refuse(span, `the service ${name} needs ${other}, which ${why}`);
    }
  }
  checkCycles(all, refuse);
}

/** Deeper, the stack would run out. */
const DEEPEST = 4000;

function checkCycles(all: ReadonlyMap<string, readonly Dependency[]>, refuse: Refuse): void {
  const done = new Set<string>();
  // In the order they wait for each other.
  const open = new Set<string>();
  const visit = (name: string): void => {
    if (done.has(name)) return;
    open.add(name);
    for (const { service: other, span } of all.get(name) ?? []) {
      if (!open.has(other)) {
        if (open.size < DEEPEST) visit(other);
      } else {
        const path = [...open];
        refuse(span, `services wait for each other: ${[...path.slice(path.indexOf(other)), other].join(' -> ')}`);
      }
    }
    open.delete(name);
    done.add(name);
  };
  for (const name of all.keys()) visit(name);
}
