/** Which documents concern us. What a YAML file with such a name really is, the server decides by its content. */
import { languages, type TextDocument } from 'vscode';

const LANGUAGES = ['dockercompose', 'dockerfile'];
/** `.compose-persistence.yaml`, the configuration file, among them. */
const COMPOSE = '**/*compose*.{yml,yaml}';

/** Files on disk only: not the left side of a diff, nor what an extension shows from elsewhere. */
export const SELECTOR = [
  ...LANGUAGES.map((language) => ({ scheme: 'file', language })),
  { scheme: 'file', pattern: COMPOSE },
];

export const isOurs = (document: TextDocument): boolean => languages.match(SELECTOR, document) > 0;
