/** Shell text to the commands in it, in the order they are written, each with what decides whether it is run. */
import type { Parser } from 'web-tree-sitter';
import { type Inner, innerOf, programAt, readsCommands } from './calls.ts';
import { listingOf } from './listings.ts';
import type { Mapped } from './mapped.ts';
import {
  type Assignment,
  type Command,
  type Condition,
  type Redirect,
  UNKNOWN,
  type Values,
  type Within,
} from './model.ts';
import {
  asks,
  assignmentOf,
  collect,
  collectSubstitutions,
  commentsAt,
  enter,
  lineAt,
  listOf,
  nextStart,
  redirectNodes,
  redirectOf,
  type Shell,
  turnsOf,
  withoutBody,
  wordsOf,
  written,
} from './pieces.ts';
import { parseShell, type ShellNode } from './tree.ts';
import { type MappedWord, type Value, type Variables, wordOf } from './words.ts';

/** A command and the function that it stands in. */
export interface Found {
  readonly command: Command;
  readonly inFunction: string | null;
}

export interface ShellText {
  readonly text: Mapped;
  readonly variables?: ReadonlyMap<string, Value>;
  readonly folder?: string | null;
  readonly within?: readonly Within[];
  readonly confirmed?: boolean;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What holds where a command stands. */
interface State {
  readonly conditions: readonly Condition[];
  readonly within: readonly Within[];
  readonly inFunction: string | null;
  readonly substituted: boolean;
  readonly nesting: number;
  /** `while read line`: what it reads is no answer. */
  readonly feeds?: boolean;
  /** What is piped into a loop, or read into it, where that is a list. */
  readonly feed?: Values;
}

const MAX_NESTING = 4;
const MAX_COMMANDS = 5000;

export interface ReadText {
  readonly found: readonly Found[];
  /** Someone has been asked by the end of it. */
  readonly confirmed: boolean;
}

export function readShell(parser: Parser, given: ShellText): ReadText {
  const reader = new Reader(parser, given.confirmed ?? false);
  const state = { conditions: [], within: given.within ?? [], inFunction: null, substituted: false, nesting: 0 };
  reader.text(given.text, new Map(given.variables), given.folder === undefined ? '' : given.folder, state);
  return { found: reader.found, confirmed: reader.confirmed };
}

class Reader {
  readonly found: Found[] = [];
  confirmed: boolean;
  private readonly parser: Parser;

  constructor(parser: Parser, confirmed: boolean) {
    this.parser = parser;
    this.confirmed = confirmed;
  }

  text(text: Mapped, variables: Variables, folder: string | null, state: State): void {
    const root = parseShell(this.parser, text.text);
    if (!root) return;
    const comments: ShellNode[] = [];
    collect(root, 'comment', comments);
    const lines = [0];
    for (let i = text.text.indexOf('\n'); i >= 0; i = text.text.indexOf('\n', i + 1)) lines.push(i + 1);
    const byLine = new Map(
      comments
        .filter((node) => !text.text.startsWith('#!', node.start))
        .map((node) => [lineAt(lines, node.start), node]),
    );
    this.node(root, { text, variables, comments: byLine, lines, folder }, state);
  }

  /** @returns the last command, for what stands behind a pipe */
  private node(node: ShellNode, shell: Shell, state: State): Writable<Command>[] {
    switch (node.type) {
      case 'command':
      case 'declaration_command':
      case 'unset_command':
      case 'test_command':
        return this.command(node, node, [], shell, state);
      case 'redirected_statement':
        return this.redirected(node, shell, state);
      case 'variable_assignment':
        this.assign(node, shell, state);
        return [];
      case 'variable_assignments':
        for (const child of node.children) this.node(child, shell, state);
        return [];
      case 'pipeline':
        return this.pipeline(node, shell, state);
      case 'list':
        return this.list(node, shell, state);
      case 'subshell':
        return this.apart(node, shell, state);
      case 'command_substitution':
      case 'process_substitution':
        return this.apart(node, shell, { ...state, substituted: true });
      case 'if_statement':
        return this.conditional(node, shell, state);
      case 'case_statement':
        return this.choice(node, shell, state);
      case 'for_statement':
      case 'c_style_for_statement':
      case 'while_statement':
        return this.loop(node, shell, state);
      case 'function_definition':
        return this.definition(node, shell, state);
      case 'comment':
      case 'heredoc_body':
        return [];
      default:
        return this.all(node.children, shell, state);
    }
  }

  private all(nodes: readonly ShellNode[], shell: Shell, state: State): Writable<Command>[] {
    return nodes.filter(({ named }) => named).flatMap((child) => this.node(child, shell, state));
  }

  /** Folders and variables are its own. */
  private apart(node: ShellNode, shell: Shell, state: State): Writable<Command>[] {
    return this.all(node.children, { ...shell, variables: new Map(shell.variables) }, state);
  }

  private pipeline(node: ShellNode, shell: Shell, state: State): Writable<Command>[] {
    const all: Writable<Command>[] = [];
    let before: Writable<Command> | undefined;
    for (const child of node.children.filter(({ named }) => named)) {
      const feed = before ? listingOf(shell.text.text.slice(node.start, child.start).replace(/\|&?\s*$/, '')) : null;
      const own = this.node(child, shell, feed ? { ...state, feed } : state);
      const first = own.find((one) => !one.substituted);
      if (before && first) {
        before.pipedInto = first;
        first.pipedFrom = before;
      }
      before = own.findLast((one) => !one.substituted);
      all.push(...own);
    }
    return all;
  }

  /** `a && b || c`: the right side hangs on the left one. */
  private list(node: ShellNode, shell: Shell, state: State): Writable<Command>[] {
    const [left, operator, ...right] = node.children;
    if (!left || !operator) return [];
    const first = this.node(left, shell, state);
    const kind = operator.type === '||' ? ('or' as const) : operator.type === '&&' ? ('and' as const) : null;
    if (!kind) return [...first, ...this.all(right, shell, state)];
    const test = left.type === 'list' ? (left.children.at(-1) ?? left) : left;
    // `cd x && y`: that the folder is there decides nothing.
    const plain = kind === 'and' && first.at(-1)?.words[0].text === 'cd';
    const conditions = plain ? state.conditions : [...state.conditions, { kind, text: written(test, shell) }];
    return [...first, ...this.all(right, shell, { ...state, conditions })];
  }

  private conditional(node: ShellNode, shell: Shell, state: State): Writable<Command>[] {
    const found: Writable<Command>[] = [];
    let test: ShellNode[] = [];
    let kind: 'test' | 'then' = 'test';
    const body = { ...shell };
    const text = (): string => test.map((one) => written(one, shell)).join('; ');
    for (const child of node.children) {
      if (child.type === 'then') kind = 'then';
      else if (!child.named) continue;
      else if (child.type === 'elif_clause') found.push(...this.conditional(child, shell, state));
      else if (child.type === 'else_clause')
        found.push(...this.all(child.children, { ...shell }, within(state, { kind: 'else', text: text() })));
      else if (kind === 'test') {
        test = [...test, child];
        found.push(...this.node(child, shell, state));
      } else found.push(...this.node(child, body, within(state, { kind: 'if', text: text() })));
    }
    return found;
  }

  private choice(node: ShellNode, shell: Shell, state: State): Writable<Command>[] {
    return node.children
      .filter(({ type }) => type === 'case_item')
      .flatMap((item) => {
        const end = item.children.findIndex(({ type }) => type === ')');
        const text = shell.text.text.slice(item.start, item.children[end]?.start ?? item.start).replace(/^\(/, '');
        return this.all(item.children.slice(end + 1), { ...shell }, within(state, { kind: 'case', text }));
      });
  }

  private loop(node: ShellNode, shell: Shell, state: State): Writable<Command>[] {
    if (/^select\b/.test(written(node, shell))) this.confirmed = true;
    const body = node.children.findIndex(({ type }) => type === 'do_group' || type === 'compound_statement');
    const head = body < 0 ? node.children : node.children.slice(0, body);
    const variable = head.find(({ type }) => type === 'variable_name');
    if (variable) {
      const list = head.slice(head.findIndex(({ type }) => type === 'in') + 1).filter(({ named }) => named);
      const each = turnsOf(list.flatMap((one) => (one === variable ? [] : wordsOf(one, shell))));
      shell.variables.set(written(variable, shell), { text: UNKNOWN, told: false, ...(each ? { each } : {}) });
    }
    const text = shell.text.text.slice(node.start, node.children[body]?.start ?? node.end).trim();
    return [
      ...this.all(
        head.filter(({ type }) => type !== 'variable_name'),
        shell,
        { ...state, feeds: true },
      ),
      ...this.all(
        node.children.slice(Math.max(body, 0), body < 0 ? 0 : undefined),
        shell,
        within(unfed(state), { kind: 'loop', text }),
      ),
    ];
  }

  private definition(node: ShellNode, shell: Shell, state: State): Writable<Command>[] {
    const name = node.children.find(({ type }) => type === 'word');
    const body = node.children.filter((child) => child.named && child !== name);
    // It enters folders when it is called, and not here.
    return this.all(body, { ...shell }, { ...state, inFunction: name ? written(name, shell) : state.inFunction });
  }

  private redirected(node: ShellNode, shell: Shell, state: State): Writable<Command>[] {
    const [body, ...rest] = node.children;
    if (!body) return [];
    const nodes: ShellNode[] = [];
    for (const one of rest) redirectNodes(one, nodes);
    const redirects = nodes.map((one) => redirectOf(one, shell));
    const bodies = nodes.filter(({ type }) => type === 'heredoc_redirect');
    const found =
      body.type === 'command' || body.type === 'test_command' || body.type === 'declaration_command'
        ? this.command(body, node, redirects, shell, state)
        : this.node(body, shell, { ...state, ...fedBy(redirects) });
    if (body.type !== 'command') {
      const last = found.findLast((one) => !one.substituted);
      if (last) last.redirects = [...last.redirects, ...redirects];
    }
    // `<<EOF | next`: what follows on the line stands inside the redirection.
    for (const one of bodies) {
      this.hereDocument(one, found.at(-1), shell, state);
      const behind = one.children.filter(({ type }) => /^(pipeline|list|command|redirected_statement)$/.test(type));
      found.push(...this.all(behind, shell, state));
    }
    return found;
  }

  private hereDocument(node: ShellNode, command: Writable<Command> | undefined, shell: Shell, state: State): void {
    const body = node.children.find(({ type }) => type === 'heredoc_body');
    if (!body || !command || state.nesting >= MAX_NESTING) return;
    const reads = readsCommands(command.words);
    if (!reads) return;
    const inside: Within[] = reads === 'here' ? [...command.within] : [...command.within, { ...reads, by: command }];
    const quoted = /['"\\]/.test(written(node.children.find(({ type }) => type === 'heredoc_start') ?? node, shell));
    const elsewhere = reads !== 'here';
    this.text(
      shell.text.slice(body.start, body.end),
      quoted ? new Map() : new Map(shell.variables),
      elsewhere ? null : shell.folder,
      { ...state, within: inside, nesting: state.nesting + 1 },
    );
  }

  private command(
    node: ShellNode,
    whole: ShellNode,
    redirects: readonly Redirect[],
    shell: Shell,
    state: State,
  ): Writable<Command>[] {
    const assignments: Assignment[] = [];
    const words: MappedWord[] = [];
    const nested: ShellNode[] = [];
    const own: Redirect[] = [...redirects];
    let from = node.start;
    for (const child of node.children) {
      const key = node.type === 'declaration_command' || node.type === 'unset_command';
      if (child.type === 'variable_assignment' && !key) {
        const assigned = assignmentOf(child, shell);
        // The grammar takes a line of assignments for the front of the command on the next line.
        if (shell.text.text.slice(child.end, nextStart(node, child)).includes('\n')) {
          this.assign(child, shell, state);
          assignments.length = 0;
          from = nextStart(node, child);
        } else if (assigned) assignments.push(assigned);
        collectSubstitutions(child, nested);
      } else if (child.type === 'variable_assignment') {
        this.assign(child, shell, state);
        words.push(wordOf(child, shell.text, shell.variables));
      } else if (/redirect$/.test(child.type)) own.push(redirectOf(child, shell));
      else if (child.named || child.type === 'declare' || key || node.type === 'test_command') {
        if (child.type === 'comment') continue;
        words.push(...wordsOf(child, shell));
        collectSubstitutions(child, nested);
      }
    }
    const span = { from, to: Math.max(whole.end, node.end) };
    const inner = nested.flatMap((one) => this.apart(one, shell, { ...state, substituted: true }));
    if (words.length === 0) return inner;
    return [...inner, ...this.add(words, own, assignments, withoutBody(whole, span.to), from, shell, state)];
  }

  private add(
    all: readonly MappedWord[],
    redirects: readonly Redirect[],
    assignments: readonly Assignment[],
    to: number,
    from: number,
    shell: Shell,
    state: State,
  ): Writable<Command>[] {
    const at = programAt(all);
    const [first, ...rest] = all.slice(at) as [MappedWord, ...MappedWord[]];
    if (!first || this.found.length >= MAX_COMMANDS) return [];
    const words: [MappedWord, ...MappedWord[]] = [first, ...rest];
    const command: Writable<Command> = {
      words,
      span: shell.text.span(from, to),
      redirects,
      assignments,
      pipedFrom: null,
      pipedInto: null,
      conditions: state.conditions,
      within: state.within,
      folder: shell.folder,
      comments: commentsAt(shell, from, to),
      confirmed: this.confirmed,
      substituted: state.substituted,
    };
    this.found.push({ command, inFunction: state.inFunction });
    if (!state.feeds && !redirects.some(({ op }) => op.startsWith('<')) && asks(words)) this.confirmed = true;
    if (first.text === 'cd' || first.text === 'pushd')
      shell.folder = enter(
        shell.folder,
        rest.find(({ text }) => !text.startsWith('-')),
      );
    else if (first.text === 'popd') shell.folder = null;
    else if (first.text === 'read' || first.text === 'mapfile') this.read(first.text, rest, redirects, shell, state);
    const inner = state.nesting < MAX_NESTING ? innerOf(words) : null;
    if (inner) this.inner(inner, command, shell, state);
    return [command];
  }

  /** `read` takes a line of what its loop is fed with, `mapfile` all of what it is given. */
  private read(
    program: string,
    rest: readonly MappedWord[],
    redirects: readonly Redirect[],
    shell: Shell,
    state: State,
  ): void {
    const names = rest.filter(({ text }) => /^\w+$/.test(text));
    const feed = program === 'read' ? state.feed : fedBy(redirects).feed;
    const each = names.length === 1 && feed ? { each: feed } : {};
    for (const { text } of names) shell.variables.set(text, { text: UNKNOWN, told: false, ...each });
  }

  private inner(inner: Inner, command: Writable<Command>, shell: Shell, state: State): void {
    const within = inner.within ? [...state.within, { ...inner.within, by: command }] : state.within;
    const next = { ...state, within, nesting: state.nesting + 1 };
    const folder = inner.within ? null : shell.folder;
    if ('text' in inner) {
      this.text(inner.text.mapped, inner.within ? new Map() : new Map(shell.variables), folder, next);
      return;
    }
    const [first] = inner.words;
    if (!first) return;
    const { start } = first.span;
    const { end } = inner.words.at(-1)!.span;
    const count = this.found.length;
    const [added] = this.add(inner.words, command.redirects, [], 0, 0, { ...shell, folder }, next);
    if (added) added.span = { source: shell.text.source, start, end: Math.max(start, end) };
    if (added && this.found[count]?.command === added) added.comments = command.comments;
  }

  private assign(node: ShellNode, shell: Shell, state: State): void {
    const found = assignmentOf(node, shell);
    if (!found) return;
    const { name, value } = found;
    const before = shell.variables.get(name);
    const adds = written(node, shell).startsWith(`${name}+=`);
    const text = adds ? `${before?.text ?? ''}${value.text}` : value.text;
    // Set twice, or only sometimes: what it says is the likeliest, and not certain.
    const sure = (before === undefined || before.text === text) && state.conditions.length === 0;
    const list = adds ? undefined : listOf(value);
    shell.variables.set(name, { text, told: value.told && sure && !adds, ...(list ? { each: list } : {}) });
    const nested: ShellNode[] = [];
    collectSubstitutions(node, nested);
    for (const one of nested) this.apart(one, shell, { ...state, substituted: true });
  }
}

/** A list that a loop reads from: `done <<< "$volumes"`, `done < <(docker volume ls -q)`. */
function fedBy(redirects: readonly Redirect[]): Pick<State, 'feed'> {
  const input = redirects.findLast(({ op }) => op === '<' || op === '<<<')?.target;
  const feed = input ? listOf(input) : undefined;
  return feed ? { feed } : {};
}

const unfed = ({ feed: _, ...state }: State): State => state;

const within = (state: State, condition: Condition): State => ({
  ...state,
  conditions: [...state.conditions, condition],
});
