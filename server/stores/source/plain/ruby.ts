/** Reads Ruby. */
import { child, type SyntaxNode } from '../tree.ts';
import type { Expr, Tested } from './code.ts';
import { other, type Recorder, textual, unescaped } from './recorder.ts';
import { opposite, walking } from './walk.ts';

const { statement, inside, module } = walking('ruby', read);

export const readRuby = module;

function read(record: Recorder, node: SyntaxNode): void {
  switch (node.type) {
    case 'assignment':
    case 'operator_assignment':
      assignment(record, node);
      return;
    case 'class':
    case 'module': {
      const name = child(node, 'name');
      record.owned(name ? record.textOf(name) : null, () => inside(record, node));
      return;
    }
    case 'method':
    case 'singleton_method':
    case 'block':
    case 'do_block':
    case 'lambda':
      fn(record, node);
      return;
    case 'if':
    case 'unless':
      ifStatement(record, node);
      return;
    case 'if_modifier':
    case 'unless_modifier': {
      const [body, condition] = [child(node, 'body'), child(node, 'condition')];
      const test = condition ? tested(record, condition) : null;
      const turned = node.type === 'unless_modifier' ? opposite(test) : test;
      if (body) record.when(turned, () => statement(record, body));
      return;
    }
    case 'when':
    case 'else':
    case 'rescue':
    case 'in_clause':
      record.when(null, () => inside(record, node));
      return;
    case 'return': {
      const value = node.children[0]?.children[0];
      if (value) record.returned(expression(record, value));
      inside(record, node);
      return;
    }
    case 'call': {
      const call = expression(record, node);
      if (call.kind === 'call') record.module.calls.push(call);
      inside(record, node);
      return;
    }
    default:
      inside(record, node);
  }
}

function assignment(record: Recorder, node: SyntaxNode): void {
  const [left, right, operator] = [child(node, 'left'), child(node, 'right'), child(node, 'operator')];
  const sign = operator ? record.textOf(operator) : '=';
  if (left && right) {
    const value = sign === '=' || sign === '||=' ? expression(record, right) : other(node, 'changed in place');
    const name = record.textOf(left);
    const set = (): void => {
      if (left.type === 'identifier') record.assign(name, value);
      // Constants of one name in several classes count as one that is set several times.
      else if (left.type === 'constant') record.bind(name, value, record.module.scope);
      else if (/^(?:instance|class|global)_variable$/.test(left.type)) record.field(name.replace(/^[@$]+/, ''), value);
    };
    if (sign === '||=') record.when({ expr: expression(record, left), present: false }, set);
    else set();
  }
  inside(record, node);
}

function fn(record: Recorder, node: SyntaxNode): void {
  const name = child(node, 'name');
  const parameters = (child(node, 'parameters')?.children ?? []).map((one) => {
    const parameter = one.type === 'identifier' ? one : child(one, 'name');
    const value = child(one, 'value');
    return {
      name: parameter ? record.textOf(parameter) : '_',
      ...(value ? { default: expression(record, value) } : {}),
    };
  });
  record.function(node, { name: name ? record.textOf(name) : '', method: true, parameters }, () => {
    const body = child(node, 'body');
    if (!body) return;
    const last = body.children.at(-1);
    if (name && last) record.returned(expression(record, last));
    inside(record, body);
  });
}

function ifStatement(record: Recorder, node: SyntaxNode): void {
  const condition = child(node, 'condition');
  const found = condition ? tested(record, condition) : null;
  const test = node.type === 'unless' ? opposite(found) : found;
  const [yes, no] = [child(node, 'consequence'), child(node, 'alternative')];
  if (condition) statement(record, condition);
  if (yes) record.when(test, () => inside(record, yes));
  if (no) record.when(no.type === 'else' ? opposite(test) : null, () => inside(record, no));
}

/** `if x`, `x.nil?`, `x.empty?`, `!x`. */
function tested(record: Recorder, node: SyntaxNode): Tested | null {
  if (/^(?:identifier|instance_variable|element_reference)$/.test(node.type))
    return { expr: expression(record, node), present: true };
  if (node.type === 'unary' && record.textOf(node).startsWith('!')) {
    const inner = child(node, 'operand');
    const test = inner ? tested(record, inner) : null;
    return opposite(test);
  }
  const call = node.type === 'call' ? expression(record, node) : null;
  if (call?.kind !== 'call' || !call.on) return null;
  if (/^\.(?:nil\?|empty\?|blank\?)$/.test(call.name)) return { expr: call.on, present: false };
  return call.name === '.present?' ? { expr: call.on, present: true } : null;
}

const expression = (record: Recorder, node: SyntaxNode): Expr => record.once(node, () => expressionOf(record, node));

function expressionOf(record: Recorder, node: SyntaxNode): Expr {
  const { start, end } = node;
  const scope = record.scope;
  switch (node.type) {
    case 'string':
      return string(record, node);
    case 'simple_symbol':
    case 'hash_key_symbol':
      return textual(node, record.textOf(node).replace(/^:/, ''));
    case 'true':
    case 'false':
      return { kind: 'truth', value: node.type === 'true', start, end };
    case 'nil':
      return { kind: 'none', start, end };
    case 'identifier':
    case 'constant':
    case 'scope_resolution':
      return { kind: 'name', name: record.textOf(node).replace(/^::/, ''), scope, start, end };
    case 'instance_variable':
    case 'class_variable':
    case 'global_variable':
      return {
        kind: 'field',
        of: other(node, 'an object'),
        name: record.textOf(node).replace(/^[@$]+/, ''),
        scope,
        start,
        end,
      };
    case 'parenthesized_statements':
      return node.children.length === 1 ? expression(record, node.children[0]!) : other(node, 'a computed value');
    case 'element_reference': {
      const [of, key] = [child(node, 'object'), node.children.find(({ field }) => field !== 'object')];
      if (!of || !key) return other(node, 'incomplete code');
      return { kind: 'item', of: expression(record, of), key: expression(record, key), start, end };
    }
    case 'hash':
      return { kind: 'object', entries: pairsOf(record, node.children), start, end };
    case 'binary': {
      const [left, right, operator] = [child(node, 'left'), child(node, 'right'), child(node, 'operator')];
      const sign = operator && record.textOf(operator);
      if (!left || !right || !sign) return other(node, 'incomplete code');
      const sides = [expression(record, left), expression(record, right)];
      if (sign === '||' || sign === 'or') return { kind: 'first', options: sides, start, end };
      return sign === '+' ? { kind: 'concat', parts: sides, start, end } : other(node, 'a computed value');
    }
    case 'call':
      return call(record, node);
    default:
      return other(node, 'a computed value');
  }
}

function string(record: Recorder, node: SyntaxNode): Expr {
  const raw = /^(?:'|%q)/.test(record.textOf(node));
  const parts = node.children.map((part): Expr => {
    if (part.type === 'string_content') return textual(part, record.textOf(part));
    if (part.type === 'escape_sequence')
      return textual(part, raw ? record.textOf(part).replace(/^\\(?=[\\'])/, '') : unescaped(record.textOf(part)));
    return part.children.length === 1 ? expression(record, part.children[0]!) : other(part, 'a computed value');
  });
  const [only] = parts;
  if (!only) return textual(node, '');
  if (parts.length === 1 && only.kind === 'text') return textual(node, only.value);
  return { kind: 'concat', parts, start: node.start, end: node.end };
}

function pairsOf(record: Recorder, nodes: readonly SyntaxNode[]): Map<string, Expr> {
  const entries = new Map<string, Expr>();
  for (const node of nodes) {
    const [key, value] = [child(node, 'key'), child(node, 'value')];
    if (node.type !== 'pair' || !key || !value) continue;
    const name = expression(record, key);
    if (name.kind === 'text') entries.set(name.value, expression(record, value));
  }
  return entries;
}

function call(record: Recorder, node: SyntaxNode): Expr {
  const [of, method, list] = [child(node, 'receiver'), child(node, 'method'), child(node, 'arguments')];
  if (!method) return other(node, 'incomplete code');
  const given = list?.children ?? [];
  const args = given.filter(({ type }) => type !== 'pair').map((arg) => expression(record, arg));
  const named = pairsOf(record, given);
  // `ENV.fetch('X') { 'default' }`
  const [only, more] = child(child(node, 'block') ?? node, 'body')?.children ?? [];
  if (only && !more && args.length === 1) args.push(expression(record, only));
  const name = record.textOf(method);
  const callee = { start: of?.start ?? method.start, end: method.end };
  const place = { start: node.start, end: node.end, callee, args, named };
  if (!of) return record.call({ ...place, name, on: null });
  if (of.type === 'constant' || of.type === 'scope_resolution')
    return record.call({ ...place, name: `${record.textOf(of).replace(/^::/, '')}.${name}`, on: null });
  return record.call({ ...place, name: `.${name}`, on: expression(record, of) });
}
