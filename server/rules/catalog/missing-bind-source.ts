import * as path from 'node:path';
import ignore, { type Ignore } from 'ignore';
import type { Files } from '../../files.ts';
import { replaceSpan } from '../../fixes/edits.ts';
import type { Past } from '../../history/model.ts';
import { examplesOf } from '../../project/examples.ts';
import type { Mount, Project } from '../../project/model.ts';
import { cleanTarget } from '../../project/mounts.ts';
import type { AnalysedService } from '../../stores/model.ts';
import { isWithin } from '../../survival/backing.ts';
import { textOf } from '../../syntax/source.ts';
import { readText } from '../git-ignores.ts';
import { boundFolder } from '../host-folder.ts';
import type { Finding, Fix, Rule } from '../rule.ts';
import { runFrom } from '../run-from.ts';
import { foldersAbove, setUpTexts } from '../set-up-texts.ts';

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
  *check({ analysed: { project, services }, files, past }) {
    // Most projects have what they mount: what proves a checkout is looked for where one has not.
    const missing = services.some((analysed) =>
      analysed.service.mounts.some(
        (mount) => boundMissing(mount, project, files) !== undefined || isMissing(mount, analysed, project, files),
      ),
    );
    const proof = missing ? proofOf(project, files, past) : null;
    if (proof === null || runFrom(project, files) !== undefined) return;
    const made = makers(project, services, files);
    const told = new Set<string>();
    for (const analysed of services) {
      for (const mount of analysed.service.mounts) {
        const bound = analysed.service.broken ? undefined : boundMissing(mount, project, files);
        if (bound !== undefined && !told.has(bound) && !made.isTold(bound) && !made.isIgnored(bound)) {
          told.add(bound);
          yield unbound(project, analysed, mount, bound);
        }
        const source = lookedUp(mount, project);
        if (source === undefined || analysed.service.broken || files.kind(source) !== 'missing') continue;
        const isFile = isFileMount(source, mount);
        if (!isFile && !isSetting(mount, analysed)) continue;
        const template = templateOf(source, files);
        const ignored = template === undefined && made.isIgnored(source);
        if (template === undefined ? made.isLater(source) : !isFile) continue;
        if (ignored && (!isFile || isHabit(source, project) || made.isNamed(source))) continue;
        const written = path.posix.relative(project.directory, source);
        const { name } = analysed.service;
        const sure = isFile && template === undefined && !ignored && !(proof === 'git' && SUPPLIED.test(source));
        yield {
          severity: sure ? 'warning' : 'info',
          message: !isFile
            ? `${written} is not there: at the next \`up\` Docker creates it empty, and ${name} finds nothing at ${mount.target}`
            : template !== undefined
              ? `${written} is not there yet: make it from ${template} before the next \`up\`, which creates an empty directory of that name otherwise, and ${name} finds a directory at ${mount.target}`
              : ignored
                ? `${written} is not there, git ignores it, and nothing here makes it: at the next \`up\` Docker creates an empty directory of that name, and ${name} finds a directory at ${mount.target}`
                : `${written} is not there: at the next \`up\` Docker creates an empty directory of that name, and ${name} finds a directory at ${mount.target}`,
          span: mount.sourceSpan ?? mount.span,
          service: analysed.service.name,
          related: [],
          fixes: () => refusing(mount),
        };
      }
    }
  },
};

/** A file, or a folder that has to hold settings. */
const isFileMount = (source: string, { target }: Mount): boolean => FILE.test(source) && FILE.test(target);

function isMissing(mount: Mount, analysed: AnalysedService, project: Project, files: Files): boolean {
  const source = lookedUp(mount, project);
  if (source === undefined || !(isFileMount(source, mount) || isSetting(mount, analysed))) return false;
  return files.kind(source) === 'missing';
}

/** The folder of a volume that is bound to one of the project, where it is not there. */
function boundMissing(mount: Mount, project: Project, files: Files): string | undefined {
  const folder = boundFolder(mount, project);
  if (folder === undefined || folder === project.directory || !isWithin(folder, project.directory)) return undefined;
  return files.kind(folder) === 'missing' ? folder : undefined;
}

function unbound(
  { directory, volumes }: Project,
  { service }: AnalysedService,
  mount: Mount,
  folder: string,
): Omit<Finding, 'rule'> {
  return {
    severity: 'info',
    message: `${path.posix.relative(directory, folder)} is not there: Docker makes no folder that a volume is bound to, so that ${service.name} does not start until somebody makes it`,
    span: volumes.get(mount.source!)!.span,
    service: service.name,
    related: [],
    fixes: () => [],
  };
}

/** What makes this more than a copy of the file alone: what stands beside it, or git that tracks it. */
function proofOf(project: Project, files: Files, past: Past | undefined): 'beside' | 'git' | null {
  if (isCheckedOut(project, files)) return 'beside';
  const tracked = past !== undefined && project.files.some((file) => past.tracked(file.path).length > 0);
  return tracked ? 'git' : null;
}

/** What people have for themselves: nobody finds it in a checkout. */
const SUPPLIED = /(cred|secret|token|passw|service[-_]?account|licen[cs]e|key|cert)[^/]*$|\.(pem|crt|cer|p12|jks)$/i;

/** What is made on each machine, and by whom everybody knows: certificates, and the `.env` that Compose reads itself. */
const isHabit = (source: string, { directory }: Project): boolean =>
  source === path.posix.join(directory, '.env') ||
  /\.(pem|crt|cer|cert|csr|key|p12|jks|db|sqlite3?)$|(^|\/)(acme\.json|[^/]*htpasswd)$|(^|\/)(certs?|ssl|tls|keys?)\//i.test(
    path.posix.relative(directory, source),
  );

/** Something that the file names is there, so it is no copy of the file alone. */
const isCheckedOut = ({ services, inactive, directory }: Project, files: Files): boolean =>
  [...services, ...inactive].some(
    ({ build, mounts, environment }) =>
      (build?.dockerfile !== undefined && !build.remote && files.kind(build.dockerfile) === 'file') ||
      mounts.some(
        ({ type, source }) =>
          (type === 'bind' || type === 'config' || type === 'secret') &&
          source !== undefined &&
          source !== directory &&
          isWithin(source, directory) &&
          files.kind(source) !== 'missing',
      ) ||
      // Who only copies the file writes a `.env` of his own.
      [...environment.values()].some(
        ({ from, span }) =>
          from === 'env_file' &&
          isWithin(span.source.path, directory) &&
          path.posix.basename(span.source.path) !== '.env',
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

interface Makers {
  /** By its path, in what describes the set-up. */
  readonly isTold: (source: string) => boolean;
  /** By its name alone. */
  readonly isNamed: (source: string) => boolean;
  readonly isIgnored: (source: string) => boolean;
  /** Somebody makes it, or something: people who were told to, another service, a build. */
  readonly isLater: (source: string) => boolean;
}

/** What a build leaves behind, and what comes with another repository. */
const PRODUCED = /(^|\/)(dist|target|vendor|node_modules|\.next|generated|tmp|temp)\//i;
/** So are these, where nothing is in them yet; else they may as well hold what builds are made with. */
const MAYBE_PRODUCED = /^(.*\/)?(build|out|output|gen)(?=\/)/i;
/** `cp`, `touch`, `> file`: the name is enough where the line makes something. */
const MAKING =
  /\b(cp|copy|mv|move|ln|touch|tee|install|curl|wget|mkcert|openssl|htpasswd|ssh-keygen|keytool|gpg|sed|envsubst|generate|create|rename|save|download|paste|put|add|write)\b|>/i;

function makers(project: Project, services: readonly AnalysedService[], files: Files): Makers {
  const { directory } = project;
  const texts = setUpTexts(project, files);
  const isIgnored = ignoredIn(directory, files);
  const writable = writableSources(services);
  const modules = submodules(directory, files);
  const lines = (source: string): string[] => {
    const name = path.posix.basename(source);
    return texts().flatMap((text) =>
      text.includes(name) ? text.split('\n').filter((line) => line.includes(name)) : [],
    );
  };
  const isTold = (source: string): boolean => {
    const at = path.posix.relative(directory, source);
    return texts().some((text) => text.includes(at)) || lines(source).some((line) => MAKING.test(line));
  };
  return {
    isTold,
    isNamed: (source) => lines(source).length > 0,
    isIgnored,
    isLater: (source) =>
      isProduced(source, directory, files) ||
      modules.some((folder) => isWithin(source, folder)) ||
      above(source).some((folder) => writable.has(folder)) ||
      isTold(source),
  };
}

function isProduced(source: string, directory: string, files: Files): boolean {
  const at = path.posix.relative(directory, source);
  const folder = MAYBE_PRODUCED.exec(at)?.[0];
  return PRODUCED.test(at) || (folder !== undefined && files.kind(path.posix.join(directory, folder)) === 'missing');
}

/** Folders of other repositories, which are empty until they are fetched. */
function submodules(directory: string, files: Files): string[] {
  const { folders, isRepository } = foldersAbove(directory, files);
  const top = isRepository ? folders.at(-1)! : directory;
  const text = readText(path.posix.join(top, '.gitmodules'), files) ?? '';
  return [...text.matchAll(/^\s*path\s*=\s*(\S+)\s*$/gm)].map(([, at]) => path.posix.join(top, at!));
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

function above(file: string): string[] {
  const folders: string[] = [];
  for (let at = path.posix.dirname(file); at !== folders.at(-1); at = path.posix.dirname(at)) folders.push(at);
  return folders;
}

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
  return foldersAbove(directory, files).folders.flatMap((folder) => {
    const text = readText(path.posix.join(folder, '.gitignore'), files);
    return text === null ? [] : [{ folder, rules: ignore().add(text) }];
  });
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
