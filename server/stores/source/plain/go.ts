/** Reads Go. */
import { child, ofType, type SyntaxNode } from '../tree.ts';
import type { Expr, Tested } from './code.ts';
import { other, type Recorder, textual, unescaped } from './recorder.ts';
import { eitherSide, opposite, walking } from './walk.ts';

const { statement, inside, module } = walking('go', read);

export const readGo = module;

/** `github.com/dgraph-io/badger/v4` is the package `github.com/dgraph-io/badger` of any version. */
export const goPackage = (path: string): string => path.replace(/\/v\d+(?=\/|$)/, '').replace(/\.v\d+$/, '');

/** The name a package has where no other is given. */
const localName = (path: string): string => {
  const last = goPackage(path).split('/').at(-1)!;
  return last.replace(/^go-(?=\w)/, '').replace(/-go$|\.go$/, '');
};

function read(record: Recorder, node: SyntaxNode): void {
  switch (node.type) {
    case 'import_spec': {
      const path = child(node, 'path');
      if (!path) return;
      const full = record.textOf(path).slice(1, -1);
      const name = child(node, 'name');
      const local = name ? record.textOf(name) : localName(full);
      if (local === '.') record.module.wildcards.push(goPackage(full));
      else if (local !== '_') record.module.imports.set(local, goPackage(full));
      return;
    }
    case 'const_spec':
    case 'var_spec':
      declaration(record, namesIn(record, node), child(node, 'value'), 'new');
      return;
    case 'short_var_declaration':
      declaration(record, namesOf(record, child(node, 'left')), child(node, 'right'), 'new');
      return;
    case 'assignment_statement':
      assignment(record, node);
      return;
    case 'range_clause':
      declaration(record, namesOf(record, child(node, 'left')), undefined, 'range');
      inside(record, node);
      return;
    case 'function_declaration':
    case 'method_declaration':
    case 'func_literal':
      fn(record, node);
      return;
    case 'if_statement':
      record.inner(() => ifStatement(record, node));
      return;
    case 'block':
    case 'for_statement':
      record.inner(() => inside(record, node));
      return;
    case 'expression_case':
    case 'type_case':
    case 'communication_case':
    case 'default_case':
      record.when(null, () => record.inner(() => inside(record, node)));
      return;
    case 'return_statement': {
      const value = ofType(node, 'expression_list')?.children[0] ?? node.children[0];
      if (value) record.returned(expression(record, value));
      inside(record, node);
      return;
    }
    case 'composite_literal':
      fields(record, node);
      inside(record, node);
      return;
    case 'field_declaration':
      tagged(record, node);
      return;
    case 'call_expression': {
      const call = expression(record, node);
      if (call.kind === 'call') {
        record.module.calls.push(call);
        const [target] = call.args;
        if (/(?:^|\.)StringVar$/.test(call.name) && target?.kind === 'name') record.assign(target.name, call);
        if (/(?:^|\.)StringVar$/.test(call.name) && target?.kind === 'field') record.field(target.name, call);
      }
      inside(record, node);
      return;
    }
    default:
      inside(record, node);
  }
}

const namesIn = (record: Recorder, node: SyntaxNode): (string | null)[] =>
  node.children.filter(({ type, field }) => field === 'name' && type === 'identifier').map((one) => record.textOf(one));

const namesOf = (record: Recorder, list: SyntaxNode | undefined): (string | null)[] =>
  (list?.children ?? []).map((one) => (one.type === 'identifier' ? record.textOf(one) : null));

/** A call may give several values: the first is the one that matters, and `ok` tells that it is there. */
function valueAt(record: Recorder, values: readonly SyntaxNode[], at: number): Expr | null {
  const node = values.length === 1 ? values[0] : values[at];
  return node ? expression(record, node) : null;
}

function declaration(
  record: Recorder,
  names: readonly (string | null)[],
  right: SyntaxNode | undefined,
  how: 'new' | 'range',
): void {
  for (const [at, name] of names.entries()) {
    if (name === null || name === '_') continue;
    const value = right ? valueAt(record, right.children, at) : null;
    if (value) record.bind(name, value);
    else if (how === 'range') record.bind(name, { kind: 'other', what: 'one of several', start: 0, end: 0 });
  }
  if (right) inside(record, right);
}

function assignment(record: Recorder, node: SyntaxNode): void {
  const operator = child(node, 'operator');
  const plain = operator === undefined || record.textOf(operator) === '=';
  const right = child(node, 'right');
  for (const [at, target] of (child(node, 'left')?.children ?? []).entries()) {
    const value = (plain && right && valueAt(record, right.children, at)) || other(node, 'changed in place');
    if (target.type === 'identifier') record.assign(record.textOf(target), value);
    const field = target.type === 'selector_expression' ? child(target, 'field') : undefined;
    if (field) record.field(record.textOf(field), value);
  }
  inside(record, node);
}

function fn(record: Recorder, node: SyntaxNode): void {
  const name = child(node, 'name');
  const list = child(node, 'parameters')?.children ?? [];
  const parameters = list.flatMap((one) => {
    const names = namesIn(record, one).flatMap((found) => found ?? []);
    return (names.length > 0 ? names : ['_']).map((name) => ({ name }));
  });
  const of = { name: name ? record.textOf(name) : '', method: node.type === 'method_declaration', parameters };
  record.function(node, of, () => {
    const body = child(node, 'body');
    if (body) inside(record, body);
  });
}

function ifStatement(record: Recorder, node: SyntaxNode): void {
  const before = child(node, 'initializer');
  if (before) statement(record, before);
  eitherSide(record, node, tested, statement);
}

function tested(record: Recorder, node: SyntaxNode): Tested | null {
  if (node.type === 'identifier') return { expr: expression(record, node), present: true };
  if (node.type === 'parenthesized_expression' && node.children[0]) return tested(record, node.children[0]);
  const [left, right, operator] = [child(node, 'left'), child(node, 'right'), child(node, 'operator')];
  const sign = operator && record.textOf(operator);
  if (node.type === 'unary_expression' && sign === '!') {
    const inner = child(node, 'operand');
    const test = inner ? tested(record, inner) : null;
    return opposite(test);
  }
  if (!left || !right || (sign !== '==' && sign !== '!=') || !/^(""|nil|``)$/.test(record.textOf(right))) return null;
  // `len(x) == 0` and `err != nil` say nothing of a path.
  if (record.textOf(left) === 'err') return null;
  return { expr: expression(record, left), present: sign === '!=' };
}

/** `Config{Path: x}` */
function entriesOf(record: Recorder, node: SyntaxNode): Map<string, Expr> {
  const entries = new Map<string, Expr>();
  for (const element of child(node, 'body')?.children ?? []) {
    const [key, value] = [child(element, 'key'), child(element, 'value')];
    if (element.type === 'keyed_element' && key && value)
      entries.set(record.textOf(key), expression(record, value.children[0] ?? value));
  }
  return entries;
}

function fields(record: Recorder, node: SyntaxNode): void {
  for (const [name, value] of entriesOf(record, node)) record.field(name, value);
}

/** Tags by which libraries fill a field from the environment; with a prefix the variable's name is another. */
function tagged(record: Recorder, node: SyntaxNode): void {
  const tag = child(node, 'tag');
  const name = child(node, 'name');
  if (!tag || !name) return;
  const text = record.textOf(tag);
  if (/\b(?:yaml|toml|json|mapstructure|koanf|hcl|ini|long|arg):"/.test(text))
    record.field(record.textOf(name), other(node, 'set from outside'));
  const variable = /\b(?:env|envconfig):"([A-Za-z_]\w*)[",]/.exec(text)?.[1];
  if (variable === undefined) return;
  if (/prefix/i.test(record.text)) {
    record.field(record.textOf(name), other(node, 'filled from a variable with a prefix'));
    return;
  }
  const fallback = /\b(?:envDefault|env-default|default):"([^"]*)"/.exec(text)?.[1];
  record.module.environmentFields.set(record.textOf(name), {
    variable,
    ...(fallback === undefined ? {} : { fallback }),
  });
}

const expression = (record: Recorder, node: SyntaxNode): Expr => record.once(node, () => expressionOf(record, node));

function expressionOf(record: Recorder, node: SyntaxNode): Expr {
  const { start, end } = node;
  switch (node.type) {
    case 'interpreted_string_literal':
      return textual(node, unescaped(record.textOf(node).slice(1, -1)));
    case 'raw_string_literal':
      return textual(node, record.textOf(node).slice(1, -1));
    case 'true':
    case 'false':
      return { kind: 'truth', value: node.type === 'true', start, end };
    case 'nil':
      return { kind: 'none', start, end };
    case 'identifier':
      return { kind: 'name', name: record.textOf(node), scope: record.scope, start, end };
    case 'parenthesized_expression':
    case 'expression_list':
      return node.children[0] ? expression(record, node.children[0]) : other(node, 'incomplete code');
    case 'unary_expression': {
      const inner = child(node, 'operand');
      const sign = child(node, 'operator');
      const same = inner && sign && /^[&*]$/.test(record.textOf(sign));
      return same ? expression(record, inner) : other(node, 'a computed value');
    }
    case 'selector_expression':
      return selector(record, node);
    case 'composite_literal':
      return { kind: 'object', entries: entriesOf(record, node), start, end };
    case 'binary_expression':
      return sum(record, node);
    case 'call_expression':
      return call(record, node);
    default:
      return other(node, 'a computed value');
  }
}

function selector(record: Recorder, node: SyntaxNode): Expr {
  const [of, field] = [child(node, 'operand'), child(node, 'field')];
  if (!of || !field) return other(node, 'incomplete code');
  const { start, end } = node;
  const name = record.textOf(field);
  const pack = packageOf(record, of);
  if (pack) return { kind: 'name', name: `${pack}.${name}`, scope: record.scope, start, end };
  return { kind: 'field', of: expression(record, of), name, scope: record.scope, start, end };
}

const packageOf = (record: Recorder, node: SyntaxNode): string | undefined =>
  node.type === 'identifier' ? record.module.imports.get(record.textOf(node)) : undefined;

function sum(record: Recorder, node: SyntaxNode): Expr {
  const [left, right, operator] = [child(node, 'left'), child(node, 'right'), child(node, 'operator')];
  if (!left || !right || !operator || record.textOf(operator) !== '+') return other(node, 'a computed value');
  return {
    kind: 'concat',
    parts: [expression(record, left), expression(record, right)],
    start: node.start,
    end: node.end,
  };
}

function call(record: Recorder, node: SyntaxNode): Expr {
  const [callee, list] = [child(node, 'function'), child(node, 'arguments')];
  if (!callee) return other(node, 'incomplete code');
  const args = (list?.children ?? []).map((arg) => expression(record, arg));
  const place = { start: node.start, end: node.end, callee, args, named: new Map<string, Expr>() };
  if (callee.type === 'identifier') return record.call({ ...place, name: record.textOf(callee), on: null });
  const [of, field] = [child(callee, 'operand'), child(callee, 'field')];
  if (callee.type !== 'selector_expression' || !of || !field) return other(node, 'a computed value');
  const pack = packageOf(record, of);
  const name = record.textOf(field);
  if (pack) return record.call({ ...place, name: `${pack}.${name}`, on: null });
  return record.call({ ...place, name: `.${name}`, on: expression(record, of) });
}
