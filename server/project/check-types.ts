/** Whether a tree is what the table of attributes allows. */
import type { Problem } from '../syntax/source.ts';
import { identityOf, type MapNode, type Node, type ScalarNode, type SeqNode } from '../syntax/tree.ts';
import { textOf } from './located.ts';
import { scalarOf } from './scalars.ts';
import type { Leaf, ListType, MapType, Type } from './types.ts';

/** By type: values that stand for themselves and are what it allows. */
const sound = new WeakMap<Type, WeakSet<object>>();

/** Looks at every collection once for each type it is used as: files laid over one another share most of their nodes. */
export class TypeChecker {
  private readonly problems: Problem[];
  private readonly looked = new Map<Type, Set<Node>>();
  /** How many collections were not looked at again. */
  private left = 0;

  constructor(problems: Problem[]) {
    this.problems = problems;
  }

  check(node: Node, type: Type, path: string): void {
    if (node.kind === 'scalar') this.look(node, type, path);
    else if (this.isFirst(node, type)) this.once(node, type, path);
  }

  private isFirst(node: Node, type: Type): boolean {
    const seen = this.looked.get(type) ?? new Set();
    this.looked.set(type, seen);
    const isFirst = !seen.has(node);
    if (isFirst) seen.add(node);
    else this.left++;
    return isFirst;
  }

  /** What stands for itself was looked at when the file was read before. */
  private once(node: Node, type: Type, path: string): void {
    const identity = identityOf(node);
    if (!identity) {
      this.look(node, type, path);
      return;
    }
    const known = sound.get(type) ?? new WeakSet();
    sound.set(type, known);
    if (known.has(identity)) return;
    const [problems, left] = [this.problems.length, this.left];
    this.look(node, type, path);
    // What was left out has its fault, if any, where it was looked at.
    if (this.problems.length === problems && this.left === left) known.add(identity);
  }

  private look(node: Node, type: Type, path: string): void {
    const fitting = type.kind === 'choice' ? (type.of.find((one) => fits(one, node)) ?? type.of[0]!) : type;
    if (!fits(fitting, node)) this.refuse(node, path, type);
    else if (fitting.kind === 'map') this.map(node as MapNode, fitting, path);
    else if (fitting.kind === 'list') this.list(node as SeqNode, fitting, path);
    else this.scalar(node as ScalarNode, fitting, path, type);
  }

  private refuse(node: Node, path: string, type: Type): void {
    this.problems.push({ span: node.span, message: `${path} must be ${wanted(type)}` });
  }

  private scalar(node: ScalarNode, type: Leaf, path: string, whole: Type): void {
    const { kind, text } = scalarOf(node);
    const value = kind === 'string' ? textOf(node).value : text;
    const wrong =
      !type.scalars.includes(kind) ||
      (type.oneOf && !type.oneOf.includes(value)) ||
      (kind === 'string' && type.readable && !type.readable(value)) ||
      (kind !== 'string' && type.range && (Number(value) < type.range[0] || Number(value) > type.range[1]));
    if (wrong) this.refuse(node, path, whole);
  }

  private list(node: SeqNode, type: ListType, path: string): void {
    const seen = new Set<string>();
    node.items.forEach(({ value, alias }, index) => {
      if (type.items) this.check(value, type.items, `${path}[${index}]`);
      if (!type.unique || value.kind !== 'scalar') return;
      const text = textOf(value).value;
      if (seen.has(text)) this.problems.push({ span: alias ?? value.span, message: `${path} has ${text} twice` });
      seen.add(text);
    });
  }

  private map(node: MapNode, type: MapType, path: string): void {
    const at = (key: string): string => (path === '' ? key : `${path}.${key}`);
    for (const [key, { key: written, value }] of node.entries) {
      const known = Object.hasOwn(type.fields, key) ? type.fields[key] : undefined;
      if (known) this.check(value, known, at(key));
      else if (type.others?.keys.test(key)) {
        if (type.others.type) this.check(value, type.others.type, at(key));
      } else if (type.others ? type.others.elseRefused : !(type.extensible && key.startsWith('x-'))) {
        const what = type.others ? `"${key}" cannot be a name` : `there is no attribute "${key}"`;
        this.problems.push({
          span: written.span,
          message: path === '' ? `${what} at the top level` : `${what} in ${path}`,
        });
      }
    }
    for (const key of type.required) {
      if (!node.entries.has(key)) this.problems.push({ span: node.span, message: `${path} has no ${key}` });
    }
  }
}

const FORM = { leaf: 'scalar', map: 'map', list: 'seq' } as const;

const fits = (type: Type, node: Node): boolean => type.kind !== 'choice' && FORM[type.kind] === node.kind;

function wanted(type: Type): string {
  if (type.kind === 'choice') return type.of.map(wanted).join(' or ');
  if (type.kind === 'leaf') return type.wanted;
  return type.kind === 'map' ? 'a mapping' : 'a list';
}
