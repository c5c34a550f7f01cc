/** What a file says that could not be understood. An editor has other extensions for that; here nobody else would tell. */
import type { Judged } from '../lint/agree.ts';
import type { InputError } from '../lint/model.ts';
import { yamlOf } from '../project/documents.ts';
import { type Problem, positionAt, type Source } from '../syntax/source.ts';
import { valueAt as child } from '../syntax/tree.ts';

export function misread({ selection: { kind = 'compose' }, outcome }: Judged): InputError[] {
  const { project } = outcome.analysed;
  if (kind === 'quadlet') return project.problems.filter(({ reference }) => !reference).map(inWords);
  if (kind !== 'compose') return [];
  const broken = [...project.files.flatMap((source) => syntaxError(source)), ...project.problems.flatMap(refused)];
  const first = project.files[0];
  if (broken.length > 0 || !first || project.files.some(readsAsCompose)) return broken;
  return [{ file: first.path, message: 'is not a Compose file: it has no services' }];
}

/** The first one: those that follow are often its consequences. */
function syntaxError(source: Source): InputError[] {
  const [problem] = yamlOf(source).problems;
  return problem ? [inWords(problem)] : [];
}

/** What no setting makes right. Of the rest rules tell, or the shell that Compose is run from decides. */
const refused = ({ span, message, written }: Problem): InputError[] =>
  written ? [inWords({ span, message: `${message}: Compose refuses the file` })] : [];

function inWords({ span: { source, start }, message }: Problem): InputError {
  const { line, character } = positionAt(source, start);
  return { file: source.path, message: `line ${line + 1}, column ${character + 1}: ${message}` };
}

const readsAsCompose = (source: Source): boolean => {
  const root = yamlOf(source).root ?? undefined;
  return child(root, 'services') !== undefined || child(root, 'include') !== undefined;
};
