/** Python expressions. */
import type { Call, Expr, Parameter } from './code.ts';
import { other, type Recorder, type Tested } from './recorder.ts';
import { child, type SyntaxNode } from './tree.ts';

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '', '0': '\0' };

/** Reads an expression, writing down the calls in it. */
export function pythonExpression(record: Recorder, node: SyntaxNode): Expr {
  return record.nested(() => read(record, node), other(node, 'deeply nested code'));
}

function read(record: Recorder, node: SyntaxNode): Expr {
  const place = { start: node.start, end: node.end };
  const sub = (inner: SyntaxNode | undefined): Expr =>
    inner ? pythonExpression(record, inner) : other(node, 'incomplete code');
  const [first] = node.children;
  switch (node.type) {
    case 'identifier':
      return { kind: 'name', name: record.textOf(node), block: record.block, ...place };
    case 'string':
      return text(record, node);
    case 'concatenated_string':
      return { kind: 'concat', parts: node.children.map(sub), ...place };
    case 'none':
      return { kind: 'none', ...place };
    case 'true':
    case 'false':
      return { kind: 'truth', value: node.type === 'true', ...place };
    case 'integer':
      return { kind: 'number', value: Number(record.textOf(node)), ...place };
    case 'attribute': {
      const name = child(node, 'attribute');
      return { kind: 'member', of: sub(child(node, 'object')), name: name ? record.textOf(name) : '', ...place };
    }
    case 'subscript':
      return { kind: 'item', of: sub(child(node, 'value')), key: sub(child(node, 'subscript')), ...place };
    case 'call':
      return call(record, node);
    case 'parenthesized_expression':
    case 'await':
    case 'type':
      return sub(first);
    case 'named_expression': {
      const value = sub(child(node, 'value'));
      const name = child(node, 'name');
      if (name) record.bind(record.textOf(name), { kind: 'value', value }, node.end);
      return value;
    }
    case 'binary_operator':
      return binary(record, node);
    case 'boolean_operator': {
      const options = [sub(child(node, 'left')), sub(child(node, 'right'))];
      const operator = child(node, 'operator')?.type;
      return operator === 'or' ? { kind: 'first', options, ...place } : other(node, 'a condition');
    }
    case 'conditional_expression': {
      const [yes, test, no] = node.children;
      if (!yes || !test || !no) return other(node, 'incomplete code');
      const { expr, present, asked } = pythonTest(record, test);
      const [one, two] = present ? [yes, no] : [no, yes];
      return { kind: 'choice', test: asked ?? expr, yes: sub(one), no: sub(two), ...place };
    }
    case 'comparison_operator':
      return comparison(record, node);
    case 'dictionary':
      return dictionary(record, node);
    case 'list':
    case 'tuple':
    case 'expression_list':
      return { kind: 'list', items: node.children.map(sub), ...place };
    case 'lambda': {
      const body = child(node, 'body');
      const fn = record.function(node, { name: 'lambda', cls: null }, (made) => {
        made.parameters.push(...pythonParameters(record, child(node, 'parameters'), false));
        for (const parameter of made.parameters) {
          record.bind(parameter.name, { kind: 'parameter', fn: made, parameter });
        }
        record.returned(sub(body));
      });
      return { kind: 'function', fn, ...place };
    }
    default:
      for (const inner of node.children) if (!LEAVES.has(inner.type)) sub(inner);
      return other(node, 'a computed value');
  }
}

/** `'://' in url`, `kind == 'sqlite'` */
function comparison(record: Recorder, node: SyntaxNode): Expr {
  const sides = node.children
    .filter((inner) => inner.field !== 'operators')
    .map((inner) => pythonExpression(record, inner));
  const [left, right] = [sides[0], sides.at(-1)];
  const place = { start: node.start, end: node.end };
  const operator = child(node, 'operators')?.type;
  if (!left || !right || node.children.length !== 3) return other(node, 'a computed value');
  if (operator === 'in') return { kind: 'test', of: right, text: left, at: 'within', ...place };
  if (operator === '==') return { kind: 'test', of: left, text: right, at: 'whole', ...place };
  return other(node, 'a computed value');
}

/** `not x`, `x is None`, `x != ''`, `'X' in os.environ` */
export function pythonTest(record: Recorder, node: SyntaxNode): Tested {
  const [left, , right] = node.children;
  if (node.type === 'parenthesized_expression' && left) return pythonTest(record, left);
  const argument = child(node, 'argument');
  if (node.type === 'not_operator' && argument) {
    const { present, ...tested } = pythonTest(record, argument);
    return { ...tested, present: !present };
  }
  const operator = child(node, 'operators')?.type ?? '';
  if (node.type === 'comparison_operator' && left && right && node.children.length === 3) {
    if (/^(?:None|''|"")$/.test(record.textOf(right))) {
      if (/^(?:is|==)$/.test(operator)) return { expr: pythonExpression(record, left), present: false };
      if (/^(?:is not|!=)$/.test(operator)) return { expr: pythonExpression(record, left), present: true };
    }
    if (operator === 'in' || operator === 'not in') {
      const [key, of] = [pythonExpression(record, left), pythonExpression(record, right)];
      const place = { start: node.start, end: node.end };
      const asked: Expr = { kind: 'test', of, text: key, at: 'within', ...place };
      return { expr: { kind: 'item', of, key, ...place }, present: operator === 'in', asked };
    }
    if (operator === '!=') {
      const [of, text] = [pythonExpression(record, left), pythonExpression(record, right)];
      return { expr: { kind: 'test', of, text, at: 'whole', start: node.start, end: node.end }, present: false };
    }
  }
  return { expr: pythonExpression(record, node), present: true };
}

const LEAVES: ReadonlySet<string> = new Set(['identifier', 'integer', 'float', 'string', 'none', 'true', 'false']);

function call(record: Recorder, node: SyntaxNode): Expr {
  const callee = child(node, 'function');
  const list = child(node, 'arguments');
  if (!callee || !list) return other(node, 'incomplete code');
  const args: Expr[] = [];
  const named = new Map<string, Expr>();
  const spreads: Expr[] = [];
  for (const argument of list.type === 'argument_list' ? list.children : [list]) {
    const [inner] = argument.children;
    if (argument.type === 'keyword_argument') {
      const name = child(argument, 'name');
      const value = child(argument, 'value');
      if (name && value) named.set(record.textOf(name), pythonExpression(record, value));
    } else if ((argument.type === 'dictionary_splat' || argument.type === 'list_splat') && inner) {
      spreads.push(pythonExpression(record, inner));
    } else args.push(pythonExpression(record, argument));
  }
  const made: Call = {
    kind: 'call',
    callee: pythonExpression(record, callee),
    args,
    named,
    spreads,
    block: record.block,
    start: node.start,
    end: node.end,
  };
  return record.call(made);
}

/** Long sums lean to the left, one level a term: they are read in a loop. */
function binary(record: Recorder, node: SyntaxNode): Expr {
  const place = { start: node.start, end: node.end };
  const operator = child(node, 'operator')?.type;
  if (operator === '+') {
    const terms: Expr[] = [];
    let at: SyntaxNode | undefined = node;
    while (at?.type === 'binary_operator' && child(at, 'operator')?.type === '+') {
      const right = child(at, 'right');
      if (right) terms.push(pythonExpression(record, right));
      at = child(at, 'left');
    }
    if (at) terms.push(pythonExpression(record, at));
    return { kind: 'concat', parts: terms.reverse(), ...place };
  }
  const [left, right] = [child(node, 'left'), child(node, 'right')];
  if (!left || !right) return other(node, 'incomplete code');
  const sides = [pythonExpression(record, left), pythonExpression(record, right)] as const;
  if (operator === '/') return { kind: 'slash', left: sides[0], right: sides[1], ...place };
  if (operator === '%') return { kind: 'percent', text: sides[0], values: sides[1], ...place };
  return other(node, 'a computed value');
}

function dictionary(record: Recorder, node: SyntaxNode): Expr {
  const entries = new Map<string, Expr>();
  const spreads: Expr[] = [];
  for (const entry of node.children) {
    const [key, value] = [child(entry, 'key'), child(entry, 'value')];
    if (entry.type === 'dictionary_splat' && entry.children[0])
      spreads.push(pythonExpression(record, entry.children[0]));
    if (entry.type !== 'pair' || !key || !value) continue;
    const name = pythonExpression(record, key);
    const read = pythonExpression(record, value);
    if (name.kind === 'text') entries.set(name.value, read);
  }
  return { kind: 'object', entries, spreads, start: node.start, end: node.end };
}

function text(record: Recorder, node: SyntaxNode): Expr {
  const place = { start: node.start, end: node.end };
  const prefix = record.textOf(node.children[0] ?? node).toLowerCase();
  const raw = /^[a-z]*r/.test(prefix);
  const literal = /^[a-z]*f/.test(prefix)
    ? (content: string) => content.replaceAll('{{', '{').replaceAll('}}', '}')
    : (content: string) => content;
  const parts: Expr[] = [];
  for (const inner of node.children) {
    if (inner.type === 'string_content') {
      const value = literal(raw ? record.textOf(inner) : unescaped(record.textOf(inner)));
      parts.push({ kind: 'text', value, start: inner.start, end: inner.end });
    } else if (inner.type === 'interpolation') {
      const value = child(inner, 'expression') ?? inner.children[0];
      const formatted = inner.children.some((part) => part.type === 'format_specifier');
      const expr = value ? pythonExpression(record, value) : other(inner, 'incomplete code');
      parts.push(formatted ? other(inner, 'formatted text') : expr);
    }
  }
  if (parts.length === 0) return { kind: 'text', value: '', ...place };
  if (parts.length === 1 && parts[0]!.kind === 'text') return { ...parts[0]!, ...place };
  return { kind: 'concat', parts, ...place };
}

const unescaped = (content: string): string =>
  content.replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|\r?(\n)|([\s\S]))/g, (all, hex, code, line, letter) => {
    if (hex ?? code) return String.fromCharCode(Number.parseInt(hex ?? code, 16));
    if (line) return '';
    return ESCAPES[letter] ?? ('\\\'"'.includes(letter) ? letter : all);
  });

/** Parameters of a function; of a method, without the object itself. */
export function pythonParameters(record: Recorder, list: SyntaxNode | undefined, method: boolean): Parameter[] {
  const found: Parameter[] = [];
  let index = method ? -1 : 0;
  for (const node of list?.children ?? []) {
    if (node.type === 'keyword_separator') index = Number.MAX_SAFE_INTEGER;
    if (node.type.endsWith('_separator')) continue;
    const rest = node.type.includes('splat') || node.children[0]?.type.includes('splat') === true;
    const name = child(node, 'name') ?? (node.type === 'identifier' ? node : node.children[0]);
    if (!name) continue;
    const value = child(node, 'value');
    const type = child(node, 'type');
    const parameter: Parameter = {
      name: record.textOf(name).replace(/^\*+/, ''),
      index,
      rest,
      ...(value ? { default: pythonExpression(record, value) } : {}),
      ...(type ? { type: pythonExpression(record, type) } : {}),
    };
    found.push(parameter);
    // After *args all others are given by name.
    index = rest ? Number.MAX_SAFE_INTEGER : Math.min(index + 1, Number.MAX_SAFE_INTEGER);
  }
  return found;
}
