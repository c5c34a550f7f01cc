/** The parts that are measured without a process around them. */
export { diskFiles, type Files, overlay } from '../../server/files.ts';
export { createLinter } from '../../server/lint/lint.ts';
export { readSettings } from '../../server/lint/settings.ts';
export { trustWatched } from '../../server/lsp/trust-watched.ts';
export { parseYaml } from '../../server/syntax/yaml.ts';
