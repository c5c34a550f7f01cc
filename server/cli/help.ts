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
      --env-file <file>      in place of .env (repeatable)
      --project-directory <folder>
                             what relative paths start from
`,
  verify: `${NAME} verify [service...]

Asks a container engine whether the data survives: finds the containers of each service, sees what holds its data, and
compares it with what the files say.

  -f, --file <file>          base first (repeatable); - is standard input; by default the files that Compose would choose
      --level <level>        inspect (default): looks from outside; nothing is run in a container, nothing is changed
                             read: also asks the servers where they write and what they hold, and puts the checks of
                             the settings file; nothing is written
                             probe: also plants a marked record in running servers, reads it back and removes it
                             drill: starts a scratch copy of the project, lets it go through the events and removes it;
                             the project itself is not touched
      --event <event>        of a drill, in place of restart, recreate and down (repeatable): also crash, down-volumes,
                             and rebuild, which builds the images of the copy anew and fetches no base image
      --allow-build          of --event rebuild: the commands of a Dockerfile may be run, and fetch what they ask for
      --live                 of a drill: makes the one service that is named anew instead, and compares what it says of
                             its data before and after
      --confirm <project>    what --live needs: the name of the project
      --backup <folder>      of --live: copies the data into this folder first
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
