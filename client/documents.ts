/** Which documents concern us. What a YAML file with such a name really is, the server decides by its content. */
import { languages, type TextDocument } from 'vscode';

const LANGUAGES = ['dockercompose', 'dockerfile', 'quadlet'];
/** `.compose-persistence.yaml`, the configuration file, among them. */
const COMPOSE = '**/*compose*.{yml,yaml}';
/** Suffixes that nothing else has; `.build`, `.image` and the like are ours by language, in folders of units. */
const UNITS = '**/*.{container,kube}';
const DROP_INS = '**/*.{container,volume,pod,kube,build,image,network}.d/*.conf';

/** Files on disk only: not the left side of a diff, nor what an extension shows from elsewhere. */
export const SELECTOR = [
  ...LANGUAGES.map((language) => ({ scheme: 'file', language })),
  ...[COMPOSE, UNITS, DROP_INS].map((pattern) => ({ scheme: 'file', pattern })),
];

/**
 * Documents with commands: judged once the server runs, and no reason to start it. Which of them are about containers, it
 * finds out.
 */
const COMMANDS = [
  ...['shellscript', 'makefile', 'markdown'].map((language) => ({ scheme: 'file', language })),
  ...[
    '**/{justfile,Justfile,.justfile,*.just}',
    '**/[Tt]askfile*.{yml,yaml}',
    '**/{.github,.gitea,.forgejo}/{workflows,actions}/**/*.{yml,yaml}',
    '**/*.gitlab-ci.{yml,yaml}',
    '**/package.json',
    '**/.vscode/{tasks,settings}.json',
    '**/{Jenkinsfile*,*.jenkinsfile}',
    '**/{*crontab*,*.cron,*.service}',
    '**/cron.d/*',
  ].map((pattern) => ({ scheme: 'file', pattern })),
];

/** What the server is told of. */
export const TOLD = [...SELECTOR, ...COMMANDS];

export const isOurs = (document: TextDocument): boolean => languages.match(SELECTOR, document) > 0;
