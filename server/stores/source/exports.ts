/** What modules give away. */
import { type Block, bindingsOf, type Module, type Target } from './code.ts';
import type { Program } from './program.ts';

/** What a module gives away under a name. */
export function exported(program: Program, module: Module, name: string, depth = 0): readonly Target[] {
  if (depth > 5) return [];
  if (module.language === 'python') {
    const own = bindingsOf(name, module.block, null).map((binding) => binding.target);
    if (own.length > 0) return own;
  } else {
    const own = module.exports.get(name);
    if (own) return [own];
  }
  for (const specifier of module.wildcards) {
    const other = program.imported(module.language, module.path, specifier);
    const found = other ? exported(program, other, name, depth + 1) : [];
    if (found.length > 0) return found;
  }
  return [];
}

/** Bindings of a name that the file itself lacks: Python's `from x import *`. */
export function wild(program: Program, name: string, block: Block): readonly Target[] {
  const { module } = block.scope;
  return module.language === 'python' && module.wildcards.length > 0 ? exported(program, module, name) : [];
}
