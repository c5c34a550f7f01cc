/** Reads Rust. */
import { child, ofType, type SyntaxNode } from '../tree.ts';
import type { Expr, Module, Tested } from './code.ts';
import { other, Recorder, textual, unescaped } from './recorder.ts';
import { eitherSide } from './walk.ts';

export function readRust(path: string, text: string, root: SyntaxNode): Module {
  const record = new Recorder(path, text, 'rust');
  items(record, root.children);
  return record.module;
}

/** `#[test]`, `#[cfg(test)]`, `#[tokio::test]`, `#[bench]`: built for tests alone. */
const TEST = /^#\[\s*(?:cfg\s*\(\s*(?:all\s*\(\s*)?test\b|(?:\w+\s*::\s*)*(?:test|bench|rstest)\b)/;

/** Filled by a library, from a file, the environment or the command line. */
const FILLED = /\b(?:Deserialize|Parser|Args|StructOpt|FromArgs)\b/;

/** What an attribute stands before is left out where the attribute says that it is a test. */
function items(record: Recorder, nodes: readonly SyntaxNode[]): void {
  let [test, filled] = [false, false];
  for (const node of nodes) {
    if (node.type === 'attribute_item') {
      test ||= TEST.test(record.textOf(node));
      filled ||= FILLED.test(record.textOf(node));
      continue;
    }
    if (filled && node.type === 'struct_item') struct(record, node);
    else if (!test) statement(record, node);
    [test, filled] = [false, false];
  }
}

function struct(record: Recorder, node: SyntaxNode): void {
  for (const one of child(node, 'body')?.children ?? []) {
    const name = child(one, 'name');
    if (one.type === 'field_declaration' && name) record.field(record.textOf(name), other(one, 'set from outside'));
  }
}

const statement = (record: Recorder, node: SyntaxNode): void => record.nested(() => read(record, node), undefined);

function read(record: Recorder, node: SyntaxNode): void {
  switch (node.type) {
    case 'use_declaration': {
      const argument = child(node, 'argument');
      if (argument) imported(record, argument, '');
      return;
    }
    case 'const_item':
    case 'static_item':
    case 'let_declaration':
      declaration(record, node);
      return;
    case 'assignment_expression':
    case 'compound_assignment_expr':
      assignment(record, node);
      return;
    case 'function_item':
    case 'closure_expression':
      fn(record, node);
      return;
    case 'if_expression':
      record.inner(() => eitherSide(record, node, tested, statement));
      return;
    case 'match_arm':
      record.when(null, () => record.inner(() => items(record, node.children)));
      return;
    case 'block':
    case 'impl_item': {
      const type = child(node, 'type');
      const name = type && record.textOf(type).replace(/<.*$/s, '').split('::').at(-1)!.trim();
      record.owned(name ?? null, () => items(record, node.children));
      return;
    }
    case 'struct_item':
      return;
    case 'mod_item':
    case 'trait_item':
      record.inner(() => items(record, node.children));
      return;
    case 'return_expression':
      if (node.children[0]) record.returned(expression(record, node.children[0]));
      items(record, node.children);
      return;
    case 'struct_expression':
      for (const [name, value] of entriesOf(record, node)) record.field(name, value);
      items(record, node.children);
      return;
    case 'call_expression': {
      const call = expression(record, node);
      if (call.kind === 'call') record.module.calls.push(call);
      items(record, node.children);
      return;
    }
    default:
      items(record, node.children);
      return;
  }
}

function imported(record: Recorder, node: SyntaxNode, prefix: string): void {
  record.nested(() => {
    const under = (text: string): string => (prefix === '' ? text : `${prefix}::${text}`).replace(/\s+/g, '');
    switch (node.type) {
      case 'scoped_use_list': {
        const path = child(node, 'path');
        const inner = path ? under(record.textOf(path)) : prefix;
        for (const one of child(node, 'list')?.children ?? []) imported(record, one, inner);
        return;
      }
      case 'use_list':
        for (const one of node.children) imported(record, one, prefix);
        return;
      case 'use_as_clause': {
        const [path, alias] = [child(node, 'path'), child(node, 'alias')];
        if (path && alias) record.module.imports.set(record.textOf(alias), under(record.textOf(path)));
        return;
      }
      case 'use_wildcard':
        record.module.wildcards.push(under(record.textOf(node).replace(/\s*::\s*\*$/, '')));
        return;
      case 'self':
        record.module.imports.set(prefix.split('::').at(-1)!, prefix);
        return;
      default: {
        const text = record.textOf(node);
        record.module.imports.set(text.split('::').at(-1)!.trim(), under(text));
      }
    }
  }, undefined);
}

function declaration(record: Recorder, node: SyntaxNode): void {
  const name = child(node, 'name') ?? child(node, 'pattern');
  const value = child(node, 'value');
  const target = name?.type === 'mut_pattern' ? name.children.at(-1) : name;
  if (target?.type === 'identifier' && value) record.bind(record.textOf(target), expression(record, value));
  else if (target && value)
    for (const inner of boundIn(target)) record.bind(record.textOf(inner), other(node, 'part of another value'));
  items(record, node.children);
}

/** The names a pattern binds. */
function boundIn(pattern: SyntaxNode): SyntaxNode[] {
  if (pattern.type === 'identifier') return [pattern];
  return pattern.children.filter(({ field }) => field !== 'type').flatMap(boundIn);
}

function assignment(record: Recorder, node: SyntaxNode): void {
  const [left, right] = [child(node, 'left'), child(node, 'right')];
  const plain = node.type === 'assignment_expression';
  const value = plain && right ? expression(record, right) : other(node, 'changed in place');
  if (left?.type === 'identifier') record.assign(record.textOf(left), value);
  const field = left?.type === 'field_expression' ? child(left, 'field') : undefined;
  if (field) record.field(record.textOf(field), value);
  items(record, node.children);
}

function fn(record: Recorder, node: SyntaxNode): void {
  const name = child(node, 'name');
  const list = child(node, 'parameters')?.children ?? [];
  const parameters = list
    .filter(({ type }) => type === 'parameter' || type === 'identifier')
    .map((one) => {
      const pattern = one.type === 'identifier' ? one : child(one, 'pattern');
      return { name: pattern?.type === 'identifier' ? record.textOf(pattern) : '_' };
    });
  const of = { name: name ? record.textOf(name) : '', method: list[0]?.type === 'self_parameter', parameters };
  record.function(node, of, () => {
    const body = child(node, 'body');
    if (!body) return;
    if (name) resulting(record, body);
    items(record, body.type === 'block' ? body.children : [body]);
  });
}

/** A block's last expression is what it gives back. */
function resulting(record: Recorder, body: SyntaxNode): void {
  const last = body.children.at(-1);
  if (last && !/_statement$|_declaration$|_item$/.test(last.type) && last.type !== 'if_expression')
    record.returned(expression(record, last));
}

/** `if let Ok(v) = env::var("X")`, `if path.is_empty()` */
function tested(record: Recorder, node: SyntaxNode): Tested | null {
  if (node.type === 'let_condition') {
    const [pattern, value] = [child(node, 'pattern'), child(node, 'value')];
    const name = pattern?.type === 'tuple_struct_pattern' ? pattern.children.find(isPlain) : undefined;
    if (!pattern || !value || !name || !/^(?:Ok|Some)\b/.test(record.textOf(pattern))) return null;
    record.bind(record.textOf(name), expression(record, value));
    return { expr: expression(record, value), present: true };
  }
  const empty = node.type === 'call_expression' ? expression(record, node) : null;
  return empty?.kind === 'call' && empty.name === '.is_empty' && empty.on ? { expr: empty.on, present: false } : null;
}

const isPlain = ({ type, field }: SyntaxNode): boolean => type === 'identifier' && field !== 'type';

function entriesOf(record: Recorder, node: SyntaxNode): Map<string, Expr> {
  const entries = new Map<string, Expr>();
  for (const one of child(node, 'body')?.children ?? []) {
    const [name, value] = [child(one, 'field'), child(one, 'value')];
    if (one.type === 'field_initializer' && name && value) entries.set(record.textOf(name), expression(record, value));
    if (one.type === 'shorthand_field_initializer' && one.children[0])
      entries.set(record.textOf(one), expression(record, one.children[0]));
  }
  return entries;
}

const expression = (record: Recorder, node: SyntaxNode): Expr => record.once(node, () => expressionOf(record, node));

function expressionOf(record: Recorder, node: SyntaxNode): Expr {
  const { start, end } = node;
  switch (node.type) {
    case 'string_literal':
      return textual(node, unescaped(content(record, node).replace(/\\\r?\n\s*/g, '')));
    case 'raw_string_literal':
      return textual(node, content(record, node));
    case 'boolean_literal':
      return { kind: 'truth', value: record.textOf(node) === 'true', start, end };
    case 'identifier':
      return { kind: 'name', name: record.textOf(node), scope: record.scope, start, end };
    case 'scoped_identifier':
      return { kind: 'name', name: fullName(record, node), scope: record.scope, start, end };
    case 'reference_expression':
    case 'try_expression':
    case 'await_expression':
    case 'parenthesized_expression':
    case 'unary_expression': {
      const inner = child(node, 'value') ?? node.children.at(-1);
      if (!inner || (node.type === 'unary_expression' && !record.textOf(node).startsWith('*')))
        return other(node, 'a computed value');
      return expression(record, inner);
    }
    case 'field_expression': {
      const [of, field] = [child(node, 'value'), child(node, 'field')];
      if (!of || !field) return other(node, 'incomplete code');
      return {
        kind: 'field',
        of: expression(record, of),
        name: record.textOf(field),
        scope: record.scope,
        start,
        end,
      };
    }
    case 'struct_expression':
      return { kind: 'object', entries: entriesOf(record, node), start, end };
    case 'block': {
      const last = node.children.at(-1);
      return node.children.length === 1 && last ? expression(record, last) : other(node, 'a computed value');
    }
    case 'macro_invocation':
      return macro(record, node);
    case 'call_expression':
      return call(record, node);
    default:
      return other(node, 'a computed value');
  }
}

const content = (record: Recorder, node: SyntaxNode): string => {
  const inner = node.children.filter(({ type }) => type === 'string_content' || type === 'escape_sequence');
  return inner.length === 0 ? '' : record.text.slice(inner[0]!.start, inner.at(-1)!.end);
};

/** With what `use` says of its first part. */
function fullName(record: Recorder, node: SyntaxNode): string {
  const text = record
    .textOf(node)
    .replace(/::<[^()]*>/g, '')
    .replace(/\s+/g, '');
  const [first = '', ...rest] = text.split('::');
  const known = record.module.imports.get(first);
  return [known ?? first, ...rest].join('::');
}

function call(record: Recorder, node: SyntaxNode): Expr {
  const [written, list] = [child(node, 'function'), child(node, 'arguments')];
  const callee = written?.type === 'generic_function' ? (child(written, 'function') ?? written) : written;
  if (!callee) return other(node, 'incomplete code');
  const args = (list?.children ?? []).map((arg) => argument(record, arg));
  const place = { start: node.start, end: node.end, callee, args, named: new Map<string, Expr>() };
  if (callee.type === 'field_expression') {
    const [of, field] = [child(callee, 'value'), child(callee, 'field')];
    if (of && field) return record.call({ ...place, name: `.${record.textOf(field)}`, on: expression(record, of) });
  }
  if (callee.type !== 'identifier' && callee.type !== 'scoped_identifier') return other(node, 'a computed value');
  return record.call({ ...place, name: fullName(record, callee), on: null });
}

/** Of a closure what it gives back: `unwrap_or_else(|_| "x".into())`. */
function argument(record: Recorder, node: SyntaxNode): Expr {
  const body = node.type === 'closure_expression' ? child(node, 'body') : undefined;
  return expression(record, body ?? node);
}

/** `format!("sqlite:{}/{name}", dir)`; other macros are not followed. */
function macro(record: Recorder, node: SyntaxNode): Expr {
  const name = child(node, 'macro');
  const tokens = ofType(node, 'token_tree');
  const { start, end } = node;
  if (!name || !tokens) return other(node, 'a macro');
  const which = record.textOf(name);
  const [first, ...words] = tokens.children;
  const variable = first?.type === 'string_literal' ? content(record, first) : undefined;
  if (/^(?:dotenvy::|dotenvy_macro::|dotenv::)?dotenv$/.test(which) && variable !== undefined)
    return other(node, 'set when the program is built');
  if (!/^(?:std::)?format$/.test(which) || variable === undefined || !first) return other(node, 'a macro');
  const parts: Expr[] = [];
  const rest = argumentsIn(record, words);
  let [at, index] = [0, 0];
  for (const hole of variable.matchAll(/\{\{|\}\}|\{(\w*)(:[^}]*)?\}/g)) {
    parts.push(textual(first, unescaped(variable.slice(at, hole.index))));
    at = hole.index + hole[0].length;
    if (hole[0] === '{{' || hole[0] === '}}') parts.push(textual(first, hole[0][0]!));
    else parts.push(filled(record, node, hole[1] ?? '', () => rest[index++]));
  }
  parts.push(textual(first, unescaped(variable.slice(at))));
  return { kind: 'concat', parts: parts.filter((part) => part.kind !== 'text' || part.value !== ''), start, end };
}

function filled(record: Recorder, node: SyntaxNode, name: string, next: () => SyntaxNode | undefined): Expr {
  const { start, end } = node;
  if (/^[a-z_]\w*$/i.test(name)) return { kind: 'name', name, scope: record.scope, start, end };
  const given = name === '' ? next() : undefined;
  return given?.type === 'identifier' || given?.type === 'string_literal'
    ? expression(record, given)
    : other(node, 'formatted text');
}

/** The arguments of a macro are bare words: of those of more than one word nothing is told. */
function argumentsIn(record: Recorder, words: readonly SyntaxNode[]): (SyntaxNode | undefined)[] {
  const found: (SyntaxNode | undefined)[] = [];
  for (const [at, word] of words.entries()) {
    const before = words[at - 1];
    const starts = !before || record.text.slice(before.end, word.start).includes(',');
    if (starts) found.push(word);
    else found[found.length - 1] = undefined;
  }
  return found;
}
