/** Reads Java. */
import { child, childrenOf, ofType, type SyntaxNode } from '../tree.ts';
import type { Expr, Tested } from './code.ts';
import { other, type Recorder, textual, unescaped } from './recorder.ts';
import { eitherSide, opposite, walking } from './walk.ts';

const { statement, inside, module } = walking('java', read);

export const readJava = module;

function read(record: Recorder, node: SyntaxNode): void {
  switch (node.type) {
    case 'import_declaration': {
      const name = node.children.find(({ type }) => type === 'scoped_identifier');
      if (!name) return;
      const full = record.textOf(name).replace(/\s+/g, '');
      if (ofType(node, 'asterisk')) record.module.wildcards.push(full);
      else record.module.imports.set(full.split('.').at(-1)!, full);
      return;
    }
    case 'class_declaration':
    case 'record_declaration':
    case 'enum_declaration': {
      const name = child(node, 'name');
      record.owned(name ? record.textOf(name) : null, () => inside(record, node));
      return;
    }
    case 'class_body':
    case 'block':
    case 'enum_body_declarations':
      record.inner(() => inside(record, node));
      return;
    case 'field_declaration':
    case 'local_variable_declaration':
      declaration(record, node);
      return;
    case 'assignment_expression':
      assignment(record, node);
      return;
    case 'method_declaration':
    case 'constructor_declaration':
    case 'lambda_expression':
      fn(record, node);
      return;
    case 'if_statement':
      eitherSide(record, node, tested, statement);
      return;
    case 'switch_block_statement_group':
    case 'switch_rule':
    case 'catch_clause':
      record.when(null, () => inside(record, node));
      return;
    case 'return_statement':
      if (node.children[0]) record.returned(expression(record, node.children[0]));
      inside(record, node);
      return;
    case 'method_invocation':
    case 'object_creation_expression': {
      const call = expression(record, node);
      if (call.kind === 'call') record.module.calls.push(call);
      inside(record, node);
      return;
    }
    default:
      inside(record, node);
  }
}

/** Set by a framework when the program starts: `@Value("${db}")`. */
const INJECTED = /@(?:Value|Inject|Autowired|Resource|ConfigProperty|Named|Parameter|Option|CommandLine)\b/;

function declaration(record: Recorder, node: SyntaxNode): void {
  const modifiers = ofType(node, 'modifiers');
  const injected = modifiers !== undefined && INJECTED.test(record.textOf(modifiers));
  for (const one of childrenOf(node, 'declarator')) {
    const [name, value] = [child(one, 'name'), child(one, 'value')];
    if (!name) continue;
    const isNull = value?.type === 'null_literal';
    if (isNull || (!injected && !value)) continue;
    const given = injected || !value ? other(node, 'set by a framework') : expression(record, value);
    if (node.type === 'field_declaration') record.field(record.textOf(name), given);
    else record.bind(record.textOf(name), given);
  }
  inside(record, node);
}

function assignment(record: Recorder, node: SyntaxNode): void {
  const [left, right, operator] = [child(node, 'left'), child(node, 'right'), child(node, 'operator')];
  const plain = operator === undefined || record.textOf(operator) === '=';
  const value = plain && right ? expression(record, right) : other(node, 'changed in place');
  const name = left?.type === 'identifier' ? record.textOf(left) : undefined;
  if (name !== undefined && record.knows(name)) record.assign(name, value);
  else if (name !== undefined) record.field(name, value);
  const field = left?.type === 'field_access' ? child(left, 'field') : undefined;
  if (field) record.field(record.textOf(field), value);
  inside(record, node);
}

function fn(record: Recorder, node: SyntaxNode): void {
  const name = child(node, 'name');
  const modifiers = ofType(node, 'modifiers');
  const written = modifiers ? record.textOf(modifiers) : '';
  const parameters = (child(node, 'parameters')?.children ?? []).flatMap((one) => {
    const parameter = one.type === 'identifier' ? one : child(one, 'name');
    return parameter ? [{ name: record.textOf(parameter) }] : [];
  });
  // Only a private method without annotations is called by what can be seen.
  const method = !/\bprivate\b/.test(written) || written.includes('@');
  record.function(node, { name: name ? record.textOf(name) : '', method, parameters }, () => {
    const body = child(node, 'body');
    if (body) inside(record, body);
  });
}

/** `x == null`, `x != null && !x.isEmpty()`, `x == null || x.isBlank()`. */
function tested(record: Recorder, node: SyntaxNode): Tested | null {
  if (node.type === 'parenthesized_expression' && node.children[0]) return tested(record, node.children[0]);
  const operator = child(node, 'operator');
  const sign = operator && record.textOf(operator);
  if (node.type === 'unary_expression' && sign === '!') {
    const inner = child(node, 'operand');
    const test = inner ? tested(record, inner) : null;
    return opposite(test);
  }
  if (node.type === 'method_invocation') {
    const call = expression(record, node);
    return call.kind === 'call' && /^\.is(?:Empty|Blank)$/.test(call.name) && call.on
      ? { expr: call.on, present: false }
      : null;
  }
  const [left, right] = [child(node, 'left'), child(node, 'right')];
  if (!left || !right) return null;
  if (sign === '&&' || sign === '||') {
    const [a, b] = [tested(record, left), tested(record, right)];
    const same = a && b && a.present === b.present && a.present === (sign === '&&');
    return same && record.textOf(a.expr) === record.textOf(b.expr) ? a : null;
  }
  if (right.type !== 'null_literal' || (sign !== '==' && sign !== '!=')) return null;
  return { expr: expression(record, left), present: sign === '!=' };
}

const expression = (record: Recorder, node: SyntaxNode): Expr => record.once(node, () => expressionOf(record, node));

function expressionOf(record: Recorder, node: SyntaxNode): Expr {
  const { start, end } = node;
  switch (node.type) {
    case 'string_literal': {
      const text = record.textOf(node);
      return text.startsWith('"""') ? other(node, 'a block of text') : textual(node, unescaped(text.slice(1, -1)));
    }
    case 'true':
    case 'false':
      return { kind: 'truth', value: node.type === 'true', start, end };
    case 'null_literal':
      return { kind: 'none', start, end };
    case 'identifier':
      return { kind: 'name', name: record.textOf(node), scope: record.scope, start, end };
    case 'parenthesized_expression':
    case 'cast_expression': {
      const inner = child(node, 'value') ?? node.children[0];
      return inner ? expression(record, inner) : other(node, 'incomplete code');
    }
    case 'field_access':
      return field(record, node);
    case 'ternary_expression':
      return ternary(record, node);
    case 'binary_expression': {
      const [left, right, operator] = [child(node, 'left'), child(node, 'right'), child(node, 'operator')];
      if (!left || !right || !operator || record.textOf(operator) !== '+') return other(node, 'a computed value');
      return { kind: 'concat', parts: [expression(record, left), expression(record, right)], start, end };
    }
    case 'method_invocation':
    case 'object_creation_expression':
      return call(record, node);
    default:
      return other(node, 'a computed value');
  }
}

/** A field of the class is bound like a variable; one of another class is not followed. */
function field(record: Recorder, node: SyntaxNode): Expr {
  const [of, name] = [child(node, 'object'), child(node, 'field')];
  if (!of || !name) return other(node, 'incomplete code');
  const { start, end } = node;
  const full = of.type === 'this' ? undefined : className(record, of);
  if (full) return { kind: 'name', name: `${full}.${record.textOf(name)}`, scope: record.scope, start, end };
  return {
    kind: 'field',
    of: of.type === 'this' ? other(of, 'an object') : expression(record, of),
    name: record.textOf(name),
    scope: record.scope,
    start,
    end,
  };
}

/** A class, in full where it is imported. */
function className(record: Recorder, node: SyntaxNode): string | undefined {
  const text = record.textOf(node).replace(/\s+/g, '');
  const last = text.split('.').at(-1)!;
  if (!/^[\w.]+$/.test(text) || !/^[A-Z]/.test(last)) return undefined;
  return text === last ? (record.module.imports.get(text) ?? text) : text;
}

/** `a != null ? a : b` */
function ternary(record: Recorder, node: SyntaxNode): Expr {
  const [condition, yes, no] = [child(node, 'condition'), child(node, 'consequence'), child(node, 'alternative')];
  const test = condition ? tested(record, condition) : null;
  if (!test || !yes || !no) return other(node, 'a computed value');
  const [value, fallback] = test.present ? [yes, no] : [no, yes];
  if (record.textOf(value) !== record.textOf(test.expr)) return other(node, 'a computed value');
  return {
    kind: 'first',
    options: [expression(record, value), expression(record, fallback)],
    start: node.start,
    end: node.end,
  };
}

function call(record: Recorder, node: SyntaxNode): Expr {
  const list = child(node, 'arguments');
  const args = (list?.children ?? []).map((arg) => expression(record, arg));
  const place = { start: node.start, end: node.end, args, named: new Map<string, Expr>() };
  if (node.type === 'object_creation_expression') {
    const type = child(node, 'type');
    const name = type && className(record, type.type === 'generic_type' ? (type.children[0] ?? type) : type);
    return type && name
      ? record.call({ ...place, callee: type, name: `new ${name}`, on: null })
      : other(node, 'an object');
  }
  const [of, method] = [child(node, 'object'), child(node, 'name')];
  if (!method) return other(node, 'incomplete code');
  const name = record.textOf(method);
  const callee = of ? { start: of.start, end: method.end } : method;
  if (!of) return record.call({ ...place, callee, name, on: null });
  const cls = of.type === 'identifier' || of.type === 'field_access' ? className(record, of) : undefined;
  if (cls) return record.call({ ...place, callee, name: `${cls}.${name}`, on: null });
  const on = expression(record, of);
  // `System.getenv().getOrDefault("X", "y")`
  if (on.kind === 'call' && on.name === 'System.getenv' && on.args.length === 0)
    return record.call({ ...place, callee, name: `System.getenv.${name}`, on: null });
  return record.call({ ...place, callee, name: `.${name}`, on });
}
