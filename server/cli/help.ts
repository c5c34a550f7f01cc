/** What `help` prints: one text for each command. */
import { NAME } from './product.ts';

const INPUT = `  -f, --file <file>          read these files as one project, base first (repeatable); - is standard input
      --config <file>        settings file instead of .compose-persistence.yaml
      --project-name <name>  as Compose's -p
      --profile <name>       a profile to switch on (repeatable)
      --include-tests        report in test and CI files too`;

const EXIT = `Exit codes: 0 nothing to report, 1 findings, 2 wrong use, settings or input that cannot be read.`;

export const COMMANDS = ['lint', 'report', 'model', 'verify', 'rules', 'explain'] as const;
export type CommandName = (typeof COMMANDS)[number];

export const HELP: Readonly<Record<CommandName, string>> = {
  lint: `${NAME} lint [paths...]

Finds data that will not survive. A path is a file or a folder, searched for Compose files; by default the working
directory; - reads one from standard input.

      --format <format>      pretty (default), json, sarif, junit or github
      --fix                  apply the fixes that are safe, until none is left
      --fail-on <severity>   exit with 1 from this severity on: error (default), warning, info, hint or never
${INPUT}

${EXIT}
`,
  report: `${NAME} report [paths...]

Tells for every service what data it keeps, what holds it and what becomes of it.

      --format <format>      table (default), json, markdown or html
${INPUT}
`,
  model: `${NAME} model [-f file ...]

Prints as JSON what Compose would run, with the keys of \`docker compose config --format json\`. Without -f, the files
that Compose would choose in the working directory.

  -f, --file <file>          base first (repeatable); - is standard input
      --format json
      --project-name <name>  as Compose's -p
      --profile <name>       a profile to switch on (repeatable)
`,
  verify: `${NAME} verify [service...]

Asks a container engine whether the data survives: finds the containers of each service, sees what holds its data, and
compares it with what the files say. Nothing is run in a container, and nothing is changed.

  -f, --file <file>          base first (repeatable); - is standard input; by default the files that Compose would choose
      --level <level>        inspect (default); read, probe and drill are not built yet
      --format <format>      pretty (default), json, junit or markdown
      --host <address>       the engine: unix:///path, tcp://host:port, ssh://user@host or npipe:////./pipe/name
      --context <name>       the Docker context that names the engine
      --config <file>        settings file instead of .compose-persistence.yaml
      --project-name <name>  as Compose's -p
      --profile <name>       a profile to switch on (repeatable)

Exit codes: 0 all data is safe, 1 some is not, 2 wrong use or input that cannot be read, 3 no engine, or it refused.
`,
  rules: `${NAME} rules

Lists the rules.

      --format <format>      table (default) or json
`,
  explain: `${NAME} explain <rule>

Tells what a rule looks for, why, and what its fixes do.
`,
};

export const USAGE = `${NAME}: does the data of your containers survive?

  lint [paths...]      find data that will not survive, and mend it
  report [paths...]    what data each service keeps, and what becomes of it
  model [-f file ...]  what Compose would run, as JSON
  verify [service...]  ask the engine whether the data survives
  rules                list the rules
  explain <rule>       what a rule looks for and why

\`${NAME} help <command>\` tells the options of a command, \`${NAME} --version\` the version.
`;
