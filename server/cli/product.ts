import { version as packageVersion } from '../../package.json';

export const NAME = 'compose-persistence';
export const version: string = packageVersion;
export const HOME = 'https://github.com/compose-persistence/compose-persistence';

export const ruleUrl = (rule: string): string => `${HOME}/blob/main/docs/rules/${rule}.md`;
