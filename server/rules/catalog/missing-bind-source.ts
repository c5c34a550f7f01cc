import * as path from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { type Files, UnreadableFile } from '../../files.ts';
import { replaceSpan } from '../../fixes/edits.ts';
import { examplesOf } from '../../project/examples.ts';
import type { Mount, Project } from '../../project/model.ts';
import { cleanTarget } from '../../project/mounts.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { isWithin } from '../../survival/backing.ts';
import { textOf } from '../../syntax/source.ts';
import type { Fix, Rule } from '../rule.ts';
import { runFrom } from '../run-from.ts';

/** Endings that folders do not have. */
const FILE =
  /[^/]\.(conf|cnf|cfg|ini|ya?ml|toml|json|xml|env|sh|sql|crt|cer|cert|pem|key|properties|txt|py|js|mjs|rb|php|lua|html|csv|hcl|tmpl|template|rules|p12|jks|htpasswd|db|sqlite3?)$|(^|\/)(\.env|Caddyfile|htpasswd)$/i;

const INIT = /docker-entrypoint-initdb\.d$/;

const rule: Rule = {
  name: 'missing-bind-source',
  severity: 'warning',
  summary: 'A file of the project is mounted that is not there.',
  rationale:
    'Where the source of a bind mount is missing, Docker creates an empty directory in its place, owned by root. A server that expects a file finds a directory, and later nobody sees why. A missing data directory is what Docker creates on purpose and is not reported. With `create_host_path: false` Compose refuses to start instead.',
  bad: 'services:\n  proxy:\n    image: nginx:1.27\n    volumes:\n      - ./nginx.conf:/etc/nginx/nginx.conf:ro\n',
  good: 'services:\n  proxy:\n    image: nginx:1.27\n    volumes:\n      - type: bind\n        source: ./nginx.conf\n        target: /etc/nginx/nginx.conf\n        read_only: true\n        bind:\n          create_host_path: false\n',
  fixSafety: 'migration',
  fixNote: 'Compose refuses to start from then on until the file is there.',
  since: '0.2.0',
  references: ['https://docs.docker.com/reference/compose-file/services/#long-syntax-5'],
  *check({ analysed: { project, services }, files }) {
    if (!isCheckedOut(project, files) || runFrom(project, files) !== undefined) return;
    const isMadeLater = madeLater(project, services, files);
    for (const analysed of services) {
      for (const mount of analysed.service.mounts) {
        const source = lookedUp(mount, project);
        if (source === undefined || analysed.service.broken || files.kind(source) !== 'missing') continue;
        const isFile = FILE.test(source) && FILE.test(mount.target);
        if (!isFile && !isSetting(mount, analysed)) continue;
        const template = templateOf(source, files);
        if (template === undefined ? isMadeLater(source) : !isFile) continue;
        const written = path.posix.relative(project.directory, source);
        const { name } = analysed.service;
        yield {
          severity: isFile && template === undefined ? 'warning' : 'info',
          message: !isFile
            ? `${written} is not there: at the next \`up\` Docker creates it empty, and ${name} finds nothing at ${mount.target}`
            : template === undefined
              ? `${written} is not there: at the next \`up\` Docker creates an empty directory of that name, and ${name} finds a directory at ${mount.target}`
              : `${written} is not there yet: make it from ${template} before the next \`up\`, which creates an empty directory of that name otherwise, and ${name} finds a directory at ${mount.target}`,
          span: mount.sourceSpan ?? mount.span,
          service: analysed.service.name,
          related: [],
          fixes: () => refusing(mount),
        };
      }
    }
  },
};

/** Something that the file names is there, so it is no copy of the file alone. */
const isCheckedOut = ({ services, inactive, directory }: Project, files: Files): boolean =>
  [...services, ...inactive].some(
    ({ build, mounts }) =>
      (build?.dockerfile !== undefined && !build.remote && files.kind(build.dockerfile) === 'file') ||
      mounts.some(
        ({ type, source }) =>
          type === 'bind' &&
          source !== undefined &&
          source !== directory &&
          isWithin(source, directory) &&
          files.kind(source) !== 'missing',
      ),
  );

/** Written out, relative, below the project, and Docker may create it. */
function lookedUp(mount: Mount, { directory }: Project): string | undefined {
  const { type, source, sourceText, sourceSpan } = mount;
  if (type !== 'bind' || mount.from !== 'volumes' || mount.createHostPath === false || source === undefined)
    return undefined;
  if (mount.unresolved.length > 0 || !sourceText || !/^\.{1,2}\//.test(sourceText)) return undefined;
  if (sourceSpan && textOf(sourceSpan).includes('$')) return undefined;
  return source !== directory && isWithin(source, directory) ? source : undefined;
}

/** Of a folder that it declares as a VOLUME an image makes what it needs itself, at the first start. */
const isSetting = ({ target }: Mount, { image }: AnalysedService): boolean =>
  INIT.test(target) ||
  (!image.volumes.some(({ path: at }) => at === target) &&
    (image.match?.family.data.some((fact) => fact.kind === 'configuration' && cleanTarget(fact.path) === target) ??
      false));

/** Told of in what describes the set-up, ignored by git, or written by another service. */
function madeLater(project: Project, services: readonly AnalysedService[], files: Files): (source: string) => boolean {
  const { directory } = project;
  const told = documents(project, files);
  const isIgnored = ignoredIn(directory, files);
  const writable = writableSources(services);
  return (source) =>
    told().includes(path.posix.relative(directory, source)) ||
    isIgnored(source) ||
    foldersAbove(source).some((above) => writable.has(above));
}

/** The file beside `source` that people copy it from. */
function templateOf(source: string, files: Files): string | undefined {
  const folder = path.posix.dirname(source);
  // One listing costs less than asking for each name.
  const listed = new Set(files.list(folder).map((entry) => entry.name));
  return listed.size === 0
    ? undefined
    : examplesOf(path.posix.basename(source)).find(
        (one) => listed.has(one) && files.kind(path.posix.join(folder, one)) === 'file',
      );
}

/** Folders of the host that some service may write to. */
const writableSources = (services: readonly AnalysedService[]): ReadonlySet<string> =>
  new Set(
    services.flatMap(({ service }) =>
      service.mounts.flatMap(({ type, readOnly, source }) => (type === 'bind' && !readOnly ? (source ?? []) : [])),
    ),
  );

function foldersAbove(file: string): string[] {
  const folders: string[] = [];
  for (let at = path.posix.dirname(file); at !== folders.at(-1); at = path.posix.dirname(at)) folders.push(at);
  return folders;
}

const GUIDES =
  /^(readme|install|setup|contributing|quickstart|getting[-_]started)[^/]*$|^(makefile|justfile|taskfile\.ya?ml|package\.json)$|\.(sh|bash|ps1|mk)$/i;
const MAX_GUIDES = 40;

/** What people and scripts of the project do before the first start, read when it is first asked for. */
function documents({ directory }: Project, files: Files): () => string {
  let text: string | undefined;
  return () => {
    text ??= files
      .list(directory)
      .filter(({ name, kind }) => kind === 'file' && GUIDES.test(name))
      .slice(0, MAX_GUIDES)
      .map(({ name }) => readText(path.posix.join(directory, name), files))
      .join('\n');
    return text;
  };
}

function readText(file: string, files: Files): string {
  try {
    return files.read(file).text;
  } catch (error) {
    if (error instanceof UnreadableFile) return '';
    throw error;
  }
}

/** Folders above the project whose ignore file may speak of it. */
const MAX_ABOVE = 6;

/** Whether git is told not to look at it, by the files of the folder and of those above it in the same repository. */
function ignoredIn(directory: string, files: Files): (source: string) => boolean {
  let lists: { readonly folder: string; readonly rules: Ignore }[] | undefined;
  return (source) => {
    lists ??= ignoreLists(directory, files);
    return lists.some(({ folder, rules }) => {
      const at = path.posix.relative(folder, source);
      return rules.ignores(at) || rules.ignores(`${at}/`);
    });
  };
}

function ignoreLists(directory: string, files: Files): { folder: string; rules: Ignore }[] {
  const lists: { folder: string; rules: Ignore }[] = [];
  let folder = directory;
  for (let i = 0; i < MAX_ABOVE; i++) {
    const list = path.posix.join(folder, '.gitignore');
    if (files.kind(list) === 'file') lists.push({ folder, rules: ignore().add(readText(list, files)) });
    if (files.kind(path.posix.join(folder, '.git')) !== 'missing' || folder === '/') break;
    folder = path.posix.dirname(folder);
  }
  return lists;
}

/** The long form, which can say that nothing is to be created. */
function refusing(mount: Mount): Fix[] {
  const { source, start } = mount.span;
  const short = /^(\.{1,2}\/[\w./-]+):(\/[\w./-]+)(:ro|:rw)?$/.exec(textOf(mount.span));
  if (!short) return [];
  const column = start - (source.text.lastIndexOf('\n', start - 1) + 1);
  const before = source.text.slice(start - column, start);
  const eol = source.text.includes('\r\n') ? '\r\n' : '\n';
  const lines = ['type: bind', `source: ${short[1]}`, `target: ${short[2]}`];
  if (short[3] === ':ro') lines.push('read_only: true');
  const text = /^ *- +$/.test(before)
    ? [...lines, 'bind:', '  create_host_path: false'].join(eol + ' '.repeat(column))
    : `{${lines.join(', ')}, bind: {create_host_path: false}}`;
  const steps = [
    `Create ${short[1]}, or remove the mount`,
    'If Docker has made an empty directory of that name already, remove it with rmdir',
    'Apply this change: Compose tells from then on that it is missing, and starts nothing',
  ];
  return [
    {
      title: `Let Compose stop when ${short[1]} is missing`,
      safety: 'migration',
      edits: [replaceSpan(mount.span, text)],
      steps,
    },
  ];
}

export default rule;
