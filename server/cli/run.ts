/** Chooses the command. Each is loaded only when asked for. */
import { UsageError } from './args.ts';
import { COMMANDS, type CommandName, HELP, USAGE } from './help.ts';
import { type Io, write } from './io.ts';
import { NAME, version } from './product.ts';
import { didYouMean } from './suggest.ts';

type Command = (argv: readonly string[], io: Io) => Promise<number>;

const LOAD: Readonly<Record<CommandName, () => Promise<Command>>> = {
  lint: async () => (await import('./lint.ts')).lint,
  report: async () => (await import('./report.ts')).report,
  model: async () => (await import('./model.ts')).model,
  verify: async () => (await import('./verify.ts')).verify,
  rules: async () => (await import('./rules.ts')).rules,
  explain: async () => (await import('./explain.ts')).explain,
};

const isCommand = (name: string): name is CommandName => (COMMANDS as readonly string[]).includes(name);

/** Runs the command line; resolves to the exit code once all output has been taken. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = argv;
  try {
    return await dispatch(name, rest, io);
  } catch (error) {
    if (error instanceof UsageError) {
      const command = name !== undefined && isCommand(name) ? ` ${name}` : '';
      await write(io.stderr, `${NAME}${command}: ${error.message}\nSee ${NAME} help${command}.\n`);
    } else {
      await write(io.stderr, `${NAME}: internal error: ${error instanceof Error ? error.stack : String(error)}\n`);
    }
    return 2;
  }
}

async function dispatch(name: string | undefined, argv: readonly string[], io: Io): Promise<number> {
  if (name === undefined) {
    await write(io.stderr, USAGE);
    return 2;
  }
  if (name === '--version' || name === '-V') {
    await write(io.stdout, `${version}\n`);
    return 0;
  }
  if (name === 'help' || name === '--help' || name === '-h') {
    await write(io.stdout, helpFor(argv[0]));
    return 0;
  }
  if (!isCommand(name)) throw new UsageError(unknown(name));
  if (argv.includes('--help') || argv.includes('-h')) {
    await write(io.stdout, HELP[name]);
    return 0;
  }
  return (await LOAD[name]())(argv, io);
}

const unknown = (name: string): string =>
  name.startsWith('-') ? `unknown option ${name}` : `unknown command ${name}${didYouMean(name, COMMANDS)}`;

function helpFor(name: string | undefined): string {
  if (name === undefined) return USAGE;
  if (!isCommand(name)) throw new UsageError(unknown(name));
  return HELP[name];
}
