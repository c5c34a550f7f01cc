/** JavaScript and TypeScript expressions. */
import type { Call, Expr } from './code.ts';
import type { JavaScriptReader } from './javascript-patterns.ts';
import { other, type Recorder, type Tested } from './recorder.ts';
import { child, ofType, type SyntaxNode } from './tree.ts';

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', 0: '\0' };

/** Wrappers that say something of a value's type, and nothing of the value. */
const TRANSPARENT: ReadonlySet<string> = new Set([
  'parenthesized_expression',
  'await_expression',
  'as_expression',
  'satisfies_expression',
  'non_null_expression',
  'instantiation_expression',
]);

/** Reads an expression, writing down the calls in it. */
export function scriptExpression(reader: JavaScriptReader, node: SyntaxNode): Expr {
  return reader.record.nested(() => read(reader, node), other(node, 'deeply nested code'));
}

function read(reader: JavaScriptReader, node: SyntaxNode): Expr {
  const { record } = reader;
  const place = { start: node.start, end: node.end };
  const sub = (inner: SyntaxNode | undefined): Expr =>
    inner ? scriptExpression(reader, inner) : other(node, 'incomplete code');
  if (TRANSPARENT.has(node.type)) return sub(node.children[0]);
  switch (node.type) {
    case 'identifier':
    case 'this':
    case 'super':
    case 'shorthand_property_identifier':
    case 'meta_property': {
      const name = record.textOf(node);
      return name === 'undefined' ? { kind: 'none', ...place } : { kind: 'name', name, block: record.block, ...place };
    }
    case 'string':
      return { kind: 'text', value: joined(record, node), ...place };
    case 'template_string':
      return template(reader, node);
    case 'null':
    case 'undefined':
      return { kind: 'none', ...place };
    case 'true':
    case 'false':
      return { kind: 'truth', value: node.type === 'true', ...place };
    case 'number':
      return { kind: 'number', value: Number(record.textOf(node)), ...place };
    case 'member_expression': {
      const name = child(node, 'property');
      return { kind: 'member', of: sub(child(node, 'object')), name: name ? record.textOf(name) : '', ...place };
    }
    case 'subscript_expression':
      return { kind: 'item', of: sub(child(node, 'object')), key: sub(child(node, 'index')), ...place };
    case 'call_expression':
    case 'new_expression':
      return call(reader, node);
    case 'type_assertion':
      return sub(node.children.at(-1));
    case 'sequence_expression':
      return node.children.map(sub).at(-1) ?? other(node, 'incomplete code');
    case 'binary_expression':
      return binary(reader, node);
    case 'ternary_expression': {
      const [test, yes, no] = ['condition', 'consequence', 'alternative'].map((field) => child(node, field));
      if (!test) return other(node, 'incomplete code');
      const { expr, present } = scriptTest(reader, test);
      const [one, two] = present ? [yes, no] : [no, yes];
      return { kind: 'choice', test: expr, yes: sub(one), no: sub(two), ...place };
    }
    case 'object':
      return object(reader, node);
    case 'array':
      return { kind: 'list', items: node.children.map(sub), ...place };
    case 'arrow_function':
    case 'function_expression':
    case 'function':
    case 'generator_function':
      return { kind: 'function', fn: reader.function(node, { name: nameOf(record, node), cls: null }), ...place };
    case 'class':
      return { kind: 'class', cls: reader.class(node), ...place };
    case 'assignment_expression':
    case 'augmented_assignment_expression':
      return reader.assign(node);
    default:
      for (const inner of node.children) if (!SKIPPED.test(inner.type)) sub(inner);
      return other(node, 'a computed value');
  }
}

/** `!x`, `x == null`, `x !== undefined` */
export function scriptTest(reader: JavaScriptReader, node: SyntaxNode): Tested {
  const [left, right] = [child(node, 'left'), child(node, 'right')];
  const argument = node.type === 'parenthesized_expression' ? node.children[0] : child(node, 'argument');
  const operator = child(node, 'operator')?.type ?? '';
  if (argument && (operator === '!' || node.type === 'parenthesized_expression')) {
    const { expr, present } = scriptTest(reader, argument);
    return { expr, present: operator === '!' ? !present : present };
  }
  const isEmpty = right && /^(?:null|undefined|''|"")$/.test(reader.record.textOf(right));
  if (node.type === 'binary_expression' && left && isEmpty && /^[!=]==?$/.test(operator)) {
    return { expr: scriptExpression(reader, left), present: operator.startsWith('!') };
  }
  if (node.type === 'binary_expression' && left && right && /^[!=]==?$/.test(operator)) {
    const [of, text] = [scriptExpression(reader, left), scriptExpression(reader, right)];
    const place = { start: node.start, end: node.end };
    return { expr: { kind: 'test', of, text, at: 'whole', ...place }, present: !operator.startsWith('!') };
  }
  return { expr: scriptExpression(reader, node), present: true };
}

const SKIPPED = /^(?:type_|predefined_type|property_identifier|regex|comment)/;

const nameOf = (record: Recorder, node: SyntaxNode): string => {
  const name = child(node, 'name');
  return name ? record.textOf(name) : '';
};

function joined(record: Recorder, node: SyntaxNode): string {
  return node.children.map((part) => unescaped(part, record.textOf(part))).join('');
}

function unescaped(part: SyntaxNode, text: string): string {
  if (part.type !== 'escape_sequence') return text;
  const code = /^\\(?:x|u\{?)([0-9a-fA-F]+)\}?$/.exec(text)?.[1];
  if (code) return String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10ffff));
  return /^\\[\r\n]/.test(text) ? '' : (ESCAPES[text.slice(1)] ?? text.slice(1));
}

function template(reader: JavaScriptReader, node: SyntaxNode): Expr {
  const { record } = reader;
  const place = { start: node.start, end: node.end };
  if (node.children.every((part) => part.type !== 'template_substitution')) {
    return { kind: 'text', value: joined(record, node), ...place };
  }
  const parts = node.children.map((part): Expr => {
    if (part.type === 'template_substitution') {
      return part.children[0] ? scriptExpression(reader, part.children[0]) : other(part, 'incomplete code');
    }
    return { kind: 'text', value: unescaped(part, record.textOf(part)), start: part.start, end: part.end };
  });
  return { kind: 'concat', parts, ...place };
}

function call(reader: JavaScriptReader, node: SyntaxNode): Expr {
  const { record } = reader;
  const callee = child(node, 'function') ?? child(node, 'constructor');
  const list = child(node, 'arguments');
  if (!callee || (list && list.type !== 'arguments')) {
    for (const inner of node.children) scriptExpression(reader, inner);
    return other(node, 'a computed value');
  }
  const specifier = list && moduleName(record, callee, list);
  const place = { start: node.start, end: node.end };
  if (specifier) return { kind: 'module', specifier, from: record.module.path, ...place };
  const args: Expr[] = [];
  const spreads: Expr[] = [];
  for (const argument of list?.children ?? []) {
    const value = argument.type === 'spread_element' ? argument.children[0] : argument;
    if (value) (value === argument ? args : spreads).push(scriptExpression(reader, value));
  }
  const made: Call = {
    kind: 'call',
    callee: scriptExpression(reader, callee),
    args,
    named: new Map(),
    spreads,
    block: record.block,
    ...place,
  };
  return record.call(made);
}

function moduleName(record: Recorder, callee: SyntaxNode, list: SyntaxNode): string | null {
  if (callee.type !== 'import' && record.textOf(callee) !== 'require') return null;
  const first = ofType(list, 'string');
  return first && list.children[0] === first ? joined(record, first) : null;
}

/** Long sums lean to the left, one level a term: they are read in a loop. */
function binary(reader: JavaScriptReader, node: SyntaxNode): Expr {
  const place = { start: node.start, end: node.end };
  const operator = child(node, 'operator')?.type ?? '';
  const chained = operator === '+' || operator === '??' || operator === '||';
  const terms: Expr[] = [];
  let at: SyntaxNode | undefined = node;
  do {
    const right = child(at, 'right');
    if (right) terms.push(scriptExpression(reader, right));
    at = child(at, 'left');
  } while (chained && at?.type === 'binary_expression' && child(at, 'operator')?.type === operator);
  if (at) terms.push(scriptExpression(reader, at));
  terms.reverse();
  if (operator === '+') return { kind: 'concat', parts: terms, ...place };
  return chained ? { kind: 'first', options: terms, ...place } : other(node, 'a computed value');
}

function object(reader: JavaScriptReader, node: SyntaxNode): Expr {
  const { record } = reader;
  const entries = new Map<string, Expr>();
  const spreads: Expr[] = [];
  for (const entry of node.children) {
    const [first] = entry.children;
    if (entry.type === 'spread_element' && first) spreads.push(scriptExpression(reader, first));
    else if (entry.type === 'shorthand_property_identifier') {
      entries.set(record.textOf(entry), scriptExpression(reader, entry));
    } else if (entry.type === 'pair') {
      const [key, value] = [child(entry, 'key'), child(entry, 'value')];
      const name = key && keyOf(record, key);
      const read = value && scriptExpression(reader, value);
      if (name && read) entries.set(name, read);
    } else if (entry.type === 'method_definition') {
      const fn = reader.function(entry, { name: nameOf(record, entry), cls: null });
      entries.set(fn.name, { kind: 'function', fn, start: entry.start, end: entry.end });
    }
  }
  return { kind: 'object', entries, spreads, start: node.start, end: node.end };
}

export function keyOf(record: Recorder, key: SyntaxNode): string | null {
  if (key.type === 'string') return joined(record, key);
  if (key.type !== 'computed_property_name') return record.textOf(key);
  return key.children[0]?.type === 'string' ? joined(record, key.children[0]) : null;
}
