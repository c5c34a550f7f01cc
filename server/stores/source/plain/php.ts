/** Reads PHP. */
import { child, ofType, type SyntaxNode } from '../tree.ts';
import type { Expr, Tested } from './code.ts';
import { other, type Recorder, textual, unescaped } from './recorder.ts';
import { opposite, walking } from './walk.ts';

const { statement, inside, module } = walking('php', read);

export const readPhp = module;

function read(record: Recorder, node: SyntaxNode): void {
  switch (node.type) {
    case 'namespace_use_clause': {
      const [name, alias] = node.children.filter(({ type }) => type !== 'php_tag');
      if (!name) return;
      const full = record.textOf(name).replace(/^\\/, '');
      const as = alias ? record.textOf(alias).replace(/^as\s+/i, '') : full.split('\\').at(-1)!;
      record.module.imports.set(as, full);
      return;
    }
    case 'class_declaration':
    case 'trait_declaration':
    case 'enum_declaration': {
      const name = child(node, 'name');
      record.owned(name ? record.textOf(name) : null, () => inside(record, node));
      return;
    }
    case 'const_element': {
      const [name, value] = node.children;
      if (name && value) record.bind(record.textOf(name), expression(record, value), record.module.scope);
      inside(record, node);
      return;
    }
    case 'property_element':
    case 'property_promotion_parameter': {
      const [name, value] = [child(node, 'name'), child(node, 'default_value')];
      if (name && value && value.type !== 'null') record.field(bare(record, name), expression(record, value));
      inside(record, node);
      return;
    }
    case 'assignment_expression':
    case 'augmented_assignment_expression':
    case 'reference_assignment_expression':
      assignment(record, node);
      return;
    case 'function_definition':
    case 'method_declaration':
    case 'anonymous_function':
    case 'arrow_function':
      fn(record, node);
      return;
    case 'if_statement':
      ifStatement(record, node);
      return;
    case 'case_statement':
    case 'default_statement':
    case 'catch_clause':
    case 'match_conditional_expression':
      record.when(null, () => inside(record, node));
      return;
    case 'return_statement':
      if (node.children[0]) record.returned(expression(record, node.children[0]));
      inside(record, node);
      return;
    case 'function_call_expression':
    case 'member_call_expression':
    case 'scoped_call_expression':
    case 'object_creation_expression': {
      const call = expression(record, node);
      if (call.kind === 'call') {
        record.module.calls.push(call);
        const [name, value] = call.args;
        if (call.name === 'define' && name?.kind === 'text' && value)
          record.bind(name.value, value, record.module.scope);
      }
      inside(record, node);
      return;
    }
    default:
      inside(record, node);
  }
}

const bare = (record: Recorder, node: SyntaxNode): string => record.textOf(node).replace(/^\$/, '');

function assignment(record: Recorder, node: SyntaxNode): void {
  const [left, right, operator] = [child(node, 'left'), child(node, 'right'), child(node, 'operator')];
  const sign = operator ? record.textOf(operator) : '=';
  if (left && right) {
    const value = sign === '=' ? expression(record, right) : other(node, 'changed in place');
    const variable = left.type === 'variable_name' ? record.textOf(left) : undefined;
    const set = (): void => {
      const given = sign === '??=' ? expression(record, right) : value;
      if (variable) record.assign(variable, given);
      const field = /^member_access|^scoped_property/.test(left.type) ? child(left, 'name') : undefined;
      if (field) record.field(bare(record, field), given);
    };
    if (sign === '??=') record.when({ expr: expression(record, left), present: false }, set);
    else set();
  }
  inside(record, node);
}

function fn(record: Recorder, node: SyntaxNode): void {
  const name = child(node, 'name');
  const parameters = (child(node, 'parameters')?.children ?? []).flatMap((one) => {
    const parameter = child(one, 'name');
    const value = child(one, 'default_value');
    if (!parameter) return [];
    return [{ name: record.textOf(parameter), ...(value ? { default: expression(record, value) } : {}) }];
  });
  const of = { name: name ? record.textOf(name) : '', method: node.type !== 'function_definition', parameters };
  for (const parameter of child(node, 'parameters')?.children ?? [])
    if (parameter.type === 'property_promotion_parameter') statement(record, parameter);
  record.function(node, of, () => {
    const body = child(node, 'body');
    if (body) inside(record, body);
  });
}

function ifStatement(record: Recorder, node: SyntaxNode): void {
  const condition = child(node, 'condition');
  const test = condition ? tested(record, condition) : null;
  for (const part of node.children) {
    if (part.field === 'condition') statement(record, part);
    else if (part.field === 'body') record.when(test, () => statement(record, part));
    else record.when(part.type === 'else_clause' ? opposite(test) : null, () => inside(record, part));
  }
}

/** `!$x`, `$x === false`, `empty($x)`, `isset($x)`. */
function tested(record: Recorder, node: SyntaxNode): Tested | null {
  const [only] = node.children;
  if (node.type === 'parenthesized_expression' && only) return tested(record, only);
  if (node.type === 'variable_name') return { expr: expression(record, node), present: true };
  if (node.type === 'unary_op_expression' && record.textOf(node).startsWith('!')) {
    const inner = node.children.at(-1);
    const test = inner ? tested(record, inner) : null;
    return opposite(test);
  }
  if (node.type === 'function_call_expression') {
    const call = expression(record, node);
    if (call.kind !== 'call' || !call.args[0] || !/^(?:empty|isset)$/.test(call.name)) return null;
    return { expr: call.args[0], present: call.name === 'isset' };
  }
  const [left, right, operator] = [child(node, 'left'), child(node, 'right'), child(node, 'operator')];
  const sign = operator && record.textOf(operator);
  if (!left || !right || !sign || !/^[!=]==?$/.test(sign) || !/^(?:false|null|''|"")$/i.test(record.textOf(right)))
    return null;
  return { expr: expression(record, left), present: sign.startsWith('!') };
}

const expression = (record: Recorder, node: SyntaxNode): Expr => record.once(node, () => expressionOf(record, node));

function expressionOf(record: Recorder, node: SyntaxNode): Expr {
  const { start, end } = node;
  const scope = record.scope;
  switch (node.type) {
    case 'string':
      return textual(
        node,
        record
          .textOf(node)
          .slice(1, -1)
          .replace(/\\([\\'])/g, '$1'),
      );
    case 'encapsed_string':
      return encapsed(record, node);
    case 'boolean':
      return { kind: 'truth', value: /^true$/i.test(record.textOf(node)), start, end };
    case 'integer':
      return textual(node, record.textOf(node));
    case 'null':
      return { kind: 'none', start, end };
    case 'variable_name':
    case 'name':
      return { kind: 'name', name: record.textOf(node), scope, start, end };
    case 'qualified_name':
      return { kind: 'name', name: className(record, node), scope, start, end };
    case 'parenthesized_expression':
    case 'argument':
    case 'dynamic_variable_name': {
      const inner = node.children.at(-1);
      return inner ? expression(record, inner) : other(node, 'incomplete code');
    }
    case 'member_access_expression':
    case 'nullsafe_member_access_expression':
    case 'scoped_property_access_expression': {
      const [of, name] = [child(node, 'object') ?? child(node, 'scope'), child(node, 'name')];
      if (!of || !name) return other(node, 'incomplete code');
      return { kind: 'field', of: other(of, 'an object'), name: bare(record, name), scope, start, end };
    }
    case 'class_constant_access_expression': {
      const [of, name] = node.children;
      if (!of || !name) return other(node, 'incomplete code');
      const own = /^(?:self|static)$/.test(record.textOf(of));
      const full = own ? record.textOf(name) : `${className(record, of)}::${record.textOf(name)}`;
      return { kind: 'name', name: full, scope, start, end };
    }
    case 'subscript_expression': {
      const [of, key] = node.children;
      if (!of || !key) return other(node, 'incomplete code');
      return { kind: 'item', of: expression(record, of), key: expression(record, key), start, end };
    }
    case 'array_creation_expression':
      return { kind: 'object', entries: entriesOf(record, node), start, end };
    case 'binary_expression':
      return binary(record, node);
    case 'conditional_expression':
      return conditional(record, node);
    case 'cast_expression': {
      const value = child(node, 'value');
      return value ? expression(record, value) : other(node, 'incomplete code');
    }
    case 'function_call_expression':
    case 'member_call_expression':
    case 'scoped_call_expression':
    case 'object_creation_expression':
      return call(record, node);
    default:
      return other(node, 'a computed value');
  }
}

function encapsed(record: Recorder, node: SyntaxNode): Expr {
  const parts = node.children.map((part): Expr => {
    if (part.type === 'string_content') return textual(part, record.textOf(part));
    if (part.type === 'escape_sequence') return textual(part, unescaped(record.textOf(part)));
    return expression(record, part);
  });
  const [only] = parts;
  if (!only) return textual(node, '');
  if (parts.length === 1 && only.kind === 'text') return textual(node, only.value);
  return { kind: 'concat', parts, start: node.start, end: node.end };
}

function entriesOf(record: Recorder, node: SyntaxNode): Map<string, Expr> {
  const entries = new Map<string, Expr>();
  for (const element of node.children) {
    const [key, value] = element.children;
    if (element.type !== 'array_element_initializer' || !key || !value) continue;
    const name = expression(record, key);
    if (name.kind === 'text') entries.set(name.value, expression(record, value));
  }
  return entries;
}

function binary(record: Recorder, node: SyntaxNode): Expr {
  const [left, right, operator] = [child(node, 'left'), child(node, 'right'), child(node, 'operator')];
  if (!left || !right || !operator) return other(node, 'incomplete code');
  const sides = [expression(record, left), expression(record, right)];
  const { start, end } = node;
  switch (record.textOf(operator)) {
    case '.':
      return { kind: 'concat', parts: sides, start, end };
    case '??':
      return { kind: 'first', options: sides, start, end };
    default:
      return other(node, 'a computed value');
  }
}

/** `a ?: b`; a longer one only where it says the same. */
function conditional(record: Recorder, node: SyntaxNode): Expr {
  const [condition, yes, no] = [child(node, 'condition'), child(node, 'body'), child(node, 'alternative')];
  if (!condition || !no) return other(node, 'incomplete code');
  const { start, end } = node;
  if (!yes) return { kind: 'first', options: [expression(record, condition), expression(record, no)], start, end };
  const test = tested(record, condition);
  const [value, fallback] = test?.present === false ? [no, yes] : [yes, no];
  if (!test || record.textOf(value) !== record.textOf(test.expr)) return other(node, 'a computed value');
  return { kind: 'first', options: [expression(record, value), expression(record, fallback)], start, end };
}

/** A class in full: as imported, or without the leading backslash. */
function className(record: Recorder, node: SyntaxNode): string {
  const text = record.textOf(node);
  return text.startsWith('\\') ? text.slice(1) : (record.module.imports.get(text) ?? text);
}

function call(record: Recorder, node: SyntaxNode): Expr {
  const list = child(node, 'arguments') ?? ofType(node, 'arguments');
  const named = new Map<string, Expr>();
  const args: Expr[] = [];
  for (const arg of list?.children ?? []) {
    const name = child(arg, 'name');
    if (name) named.set(record.textOf(name), expression(record, arg));
    else args.push(expression(record, arg));
  }
  const place = { start: node.start, end: node.end, args, named };
  if (node.type === 'object_creation_expression') {
    const type = node.children[0];
    if (!type || !/name$/.test(type.type)) return other(node, 'an object');
    return record.call({ ...place, callee: type, name: `new ${className(record, type)}`, on: null });
  }
  if (node.type === 'function_call_expression') {
    const callee = child(node, 'function');
    if (!callee || !/name$/.test(callee.type) || callee.type === 'variable_name')
      return other(node, 'a computed value');
    return record.call({ ...place, callee, name: className(record, callee), on: null });
  }
  const [of, name] = [child(node, 'object') ?? child(node, 'scope'), child(node, 'name')];
  if (!of || !name) return other(node, 'incomplete code');
  const callee = { start: of.start, end: name.end };
  if (node.type === 'scoped_call_expression')
    return record.call({ ...place, callee, name: `${className(record, of)}::${record.textOf(name)}`, on: null });
  return record.call({ ...place, callee, name: `.${record.textOf(name)}`, on: expression(record, of) });
}
