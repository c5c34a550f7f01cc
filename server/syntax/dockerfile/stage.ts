/** What one stage comes to: its instructions, and those of the stages it is built from, carried out in order. */
import * as posix from 'node:path/posix';
import type { CopyStep, Exec, RunStep, StageResult, Step, Value } from '../dockerfile.ts';
import type { Reading } from './copy.ts';
import { copyStep, imagePath } from './copy.ts';
import { heredocOf, withoutLeadingTabs } from './heredoc.ts';
import type { Instruction } from './instructions.ts';
import type { Plan } from './stages.ts';
import { findStage } from './stages.ts';
import type { Known, Scope } from './variables.ts';
import { expand, unknown } from './variables.ts';
import type { Word } from './words.ts';
import { blankWords, oldPair, pairsOf, regionSpan, regionText, wordAt } from './words.ts';

/** Build arguments by name; null for a value taken from elsewhere, which is not known here. */
export type BuildArgs = ReadonlyMap<string, string | null>;

const PLATFORM = ['PLATFORM', 'OS', 'OSVERSION', 'ARCH', 'VARIANT'];
const PREDEFINED = [...PLATFORM.flatMap((part) => [`BUILD${part}`, `TARGET${part}`]), 'TARGETSTAGE'];

const given = (name: string, value: string | null): Known =>
  value === null ? unknown(name) : { value, unresolved: [] };

/** ARGs before the first FROM, which FROM can use and stages can declare again. */
function globalScope(plan: Plan, args: BuildArgs): Scope {
  const scope = new Map<string, Known>(PREDEFINED.map((name) => [name, given(name, args.get(name) ?? null)]));
  for (const instruction of plan.head) {
    if (instruction.keyword === 'ARG') declare(instruction, scope, new Map(), args, plan);
  }
  return scope;
}

function declare(arg: Instruction, scope: Map<string, Known>, globals: Scope, args: BuildArgs, plan: Plan): void {
  for (const { name, value } of pairsOf(arg.args, plan.escapeChar)) {
    const override = args.get(name.text);
    const inherited = globals.get(name.text);
    if (override !== undefined) scope.set(name.text, given(name.text, override));
    else if (value) scope.set(name.text, expand(value.text, scope, plan.escapeChar));
    else if (inherited) scope.set(name.text, inherited);
  }
}

function valueIn(word: Word, scope: Scope, plan: Plan): Value {
  const { value, unresolved } = expand(word.text, scope, plan.escapeChar);
  return { value, span: word.span, unresolved };
}

/** FROM arguments of all stages. */
export function basesOf(plan: Plan, args: BuildArgs): readonly Value[] {
  const scope = globalScope(plan, args);
  return plan.stages.map((stage) => valueIn(stage.base, scope, plan));
}

export function evaluateStage(
  plan: Plan,
  index: number,
  args: BuildArgs,
  replaced: ReadonlySet<string>,
): Omit<StageResult, 'other'> {
  const bases = basesOf(plan, args);
  const chain = [index];
  let from = bases[index]!;
  for (;;) {
    // Only earlier stages can be built from, so the chain ends.
    const parent = from.unresolved.length > 0 ? -1 : findStage(plan, from.value, chain[0]!);
    if (parent < 0 || replaced.has(from.value)) break;
    chain.unshift(parent);
    from = bases[parent]!;
  }
  const base = from.value === 'scratch' ? null : from;
  const build = new Build(plan, args, replaced, base === null);
  for (const [position, stage] of chain.entries()) build.run(stage, chain[position - 1]);
  return { source: plan.source, index, name: plan.stages[index]!.name, base, chain, ...build.result() };
}

const isOnbuild = ({ keyword }: Instruction): boolean => keyword === 'ONBUILD';

class Build implements Reading {
  readonly plan: Plan;
  stage = 0;
  readonly replaced: ReadonlySet<string>;
  private readonly args: BuildArgs;
  private readonly globals: Scope;
  readonly fromScratch: boolean;
  lastCopy: CopyStep | null = null;
  workdirs: readonly string[] = [];
  private readonly scope = new Map<string, Known>();
  private readonly environment = new Map<string, Value>();
  private readonly volumes = new Map<string, Value>();
  private readonly steps: Step[] = [];
  private readonly directories = new Set<string>();
  private workdir: Value | null = null;
  private user: Value | null = null;
  private shell: readonly string[] = ['/bin/sh', '-c'];
  private entrypoint: Exec | null = null;
  private command: Exec | null = null;
  private commandSetHere = false;

  constructor(plan: Plan, args: BuildArgs, replaced: ReadonlySet<string>, fromScratch: boolean) {
    this.plan = plan;
    this.replaced = replaced;
    this.args = args;
    this.globals = globalScope(plan, args);
    this.fromScratch = fromScratch;
  }

  result(): Pick<StageResult, 'environment' | 'workdir' | 'user' | 'volumes' | 'entrypoint' | 'command' | 'steps'> {
    const { environment, workdir, user, volumes, entrypoint, command, steps } = this;
    return { environment, workdir, user, volumes: [...volumes.values()], entrypoint, command, steps };
  }

  run(stage: number, parent: number | undefined): void {
    this.stage = stage;
    this.commandSetHere = false;
    // ENV of the base counts again where its ARGs had hidden it.
    for (const [name, value] of this.environment) this.scope.set(name, value);
    const triggers = parent === undefined ? [] : this.plan.stages[parent]!.body.filter(isOnbuild);
    for (const { trigger } of triggers) if (trigger) this.apply(trigger);
    for (const instruction of this.plan.stages[stage]!.body) this.apply(instruction);
  }

  value(word: Word): Value {
    return valueIn(word, this.scope, this.plan);
  }

  place(path: Value): Value {
    const value = imagePath(this.workdir?.value ?? '/', path.value);
    if (value === path.value || path.value.startsWith('/')) return { ...path, value };
    const below = this.workdir?.unresolved ?? (this.fromScratch ? [] : ['WORKDIR']);
    return { ...path, value, unresolved: [...new Set([...below, ...path.unresolved])] };
  }

  private apply(instruction: Instruction): void {
    // An instruction without arguments is one being typed.
    if (instruction.args.start === instruction.args.end) return;
    const { keyword } = instruction;
    if (keyword === 'ARG') declare(instruction, this.scope, this.globals, this.args, this.plan);
    else if (keyword === 'ENV') this.setEnvironment(instruction);
    else if (keyword === 'WORKDIR') this.enter(this.place(this.value(wordOf(instruction))));
    else if (keyword === 'USER') this.setUser(this.value(wordOf(instruction)));
    else if (keyword === 'VOLUME') this.addVolumes(instruction);
    else if (keyword === 'SHELL') this.setShell(instruction);
    else if (keyword === 'CMD') this.setCommand(instruction);
    else if (keyword === 'ENTRYPOINT') this.setEntrypoint(instruction);
    else if (keyword === 'RUN') this.steps.push({ kind: 'run', run: this.runStep(instruction) });
    else if (keyword === 'COPY' || keyword === 'ADD') {
      const copy = copyStep(instruction, this);
      if (!copy) return;
      this.steps.push({ kind: 'copy', copy });
      this.lastCopy = copy;
      this.workdirs = [];
      this.addDirectory(copy.intoDirectory ? copy.destination.value : posix.dirname(copy.destination.value));
    }
  }

  isDirectory(path: string): boolean {
    return this.directories.has(path);
  }

  private enter(workdir: Value): void {
    this.workdir = workdir;
    this.workdirs = [...this.workdirs, workdir.value];
    this.addDirectory(workdir.value);
  }

  private addDirectory(path: string): void {
    for (let at = posix.resolve('/', path); at !== '/' && !this.directories.has(at); at = posix.dirname(at)) {
      this.directories.add(at);
    }
  }

  private setEnvironment({ args }: Instruction): void {
    const pairs = pairsOf(args, this.plan.escapeChar);
    const old = pairs[0]?.value === null ? oldPair(args) : null;
    // All pairs of a line see the values from before the line.
    const values = (old ? [old] : pairs).flatMap(({ name, value }) =>
      value ? [{ name: this.value(name).value, value: this.value(value) }] : [],
    );
    for (const { name, value } of values) {
      this.environment.set(name, value);
      this.scope.set(name, value);
    }
  }

  private setUser(user: Value): void {
    this.user = user;
    this.steps.push({ kind: 'user', user });
  }

  private addVolumes(instruction: Instruction): void {
    if (instruction.json === 'mixed') return;
    const words = instruction.json ?? blankWords(instruction.args);
    const paths = words
      .map((word) => this.value(word))
      .filter(({ value }) => value.trim() !== '')
      .map((path) => ({ ...path, value: imagePath('/', path.value.trim()) }));
    for (const path of paths) if (!this.volumes.has(path.value)) this.volumes.set(path.value, path);
    this.steps.push({ kind: 'volume', paths, span: instruction.span });
  }

  private setShell({ json }: Instruction): void {
    if (json && json !== 'mixed' && json.length > 0) this.shell = json.map((word) => word.text);
  }

  private setCommand(instruction: Instruction): void {
    this.command = this.exec(instruction);
    this.commandSetHere = true;
  }

  private setEntrypoint(instruction: Instruction): void {
    this.entrypoint = this.exec(instruction);
    // A command that came with the base is for the base's entrypoint.
    if (!this.commandSetHere) this.command = null;
  }

  private exec({ json, args }: Instruction): Exec | null {
    if (json === 'mixed') return null;
    const words = json ? json.map((word) => word.text) : [...this.shell, regionText(args)];
    return { words, shell: json === null, span: regionSpan(args) };
  }

  private runStep(instruction: Instruction): RunStep {
    const words = instruction.json && instruction.json !== 'mixed' ? instruction.json.map((word) => word.text) : null;
    return {
      text: words?.join(' ') ?? scriptOf(instruction),
      words,
      mounts: instruction.flags.flatMap(({ name, value }) => (name === 'mount' && value !== null ? value : [])),
      workdir: this.workdir?.value ?? '/',
      user: this.user?.value ?? null,
      span: instruction.span,
    };
  }
}

const wordOf = ({ args }: Instruction): Word => wordAt(args.line, args.start, args.end);

/** What the shell gets: a sole here-document is the script itself, others follow the line they belong to. */
function scriptOf(instruction: Instruction): string {
  const text = regionText(instruction.args);
  const [first] = instruction.heredocs;
  if (first && first.content !== null && heredocOf(wordOf(instruction))) {
    return first.chomp ? withoutLeadingTabs(first.content) : first.content;
  }
  const bodies = instruction.heredocs.flatMap(({ content, name }) => (content === null ? [] : `\n${content}${name}`));
  return text + bodies.join('');
}
