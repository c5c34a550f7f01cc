/** Folders for uploads in Python: Django's `MEDIA_ROOT`, Flask's `UPLOAD_FOLDER`, and what Starlette serves. */
import type { Expr, Module } from './code.ts';
import { flaskAssignments } from './flask.ts';
import { mlflowArtifacts } from './mlflow-artifacts.ts';
import type { SourceStore } from './model.ts';
import type { Program } from './program.ts';
import { handledUploads } from './python-handlers.ts';
import { told, uploadsAt, wordsOf } from './uploads.ts';
import type { Values } from './values.ts';

const PYTHON = /\.py$/;

/** Files go to a service elsewhere. */
const CLOUD =
  /\b(?:storages\.backends|S3(?:Boto3?)?(?:Static)?Storage|GoogleCloudStorage|AzureStorage|cloudinary|boto3|aioboto3|google\.cloud\.storage|google\.cloud import storage|azure\.storage|minio|supabase|DropBoxStorage|django_backblaze\w*)\b/;

const usesCloud = told((texts) => texts.some((text) => CLOUD.test(text)), PYTHON);

export const pythonUploads = (values: Values): SourceStore[] => [
  ...(usesCloud(values.names.program)
    ? []
    : [...agreed(mediaRoots(values)), ...agreed(uploadFolders(values)), ...served(values), ...handledUploads(values)]),
  ...mlflowArtifacts(values),
];

/** Of settings that differ it is not known which holds. */
const agreed = (stores: readonly SourceStore[]): readonly SourceStore[] =>
  new Set(stores.map(({ path }) => JSON.stringify(path))).size === 1 ? stores.slice(0, 1) : [];

/** What saves files through Django's own storage. Forms alone do not. */
const FIELDS =
  /\b(?:models\.(?:File|Image)Field|(?:ProcessedImage|ResizedImage|ThumbnailerImage|ThumbnailImage|VersatileImage|FilerImage|FilerFile|RichTextUploading|StdImage|PrivateFile)Field)\(|\bdefault_storage\b|\bFileSystemStorage\(|['"](?:wagtail\.images|wagtail\.documents|filer|photologue)['"]|from django\.db\.models import [^\n]*\b(?:File|Image)Field\b/;
const savesFiles = told((texts) => texts.some((text) => FIELDS.test(text)), PYTHON);

const FILES = /^(?:django\.core\.files\.storage\.)?(?:filesystem\.)?FileSystemStorage$/;

function mediaRoots(values: Values): SourceStore[] {
  const { program } = values.names;
  const modules = program.mentioning('MEDIA_ROOT', 'python').filter(isDjango);
  if (modules.length === 0 || !savesFiles(program) || !keepsFiles(program)) return [];
  return modules.flatMap((module) =>
    (module.scope.bindings.get('MEDIA_ROOT') ?? []).flatMap(({ target }) =>
      target.kind === 'value' ? uploadsAt('MEDIA_ROOT', target.value, module, values) : [],
    ),
  );
}

/** Settings that a container runs with, and not those of one's own machine. */
const isDjango = ({ path, scope }: Module): boolean =>
  !/\/(?:dev|develop|development|local|debug|test|testing|ci)(?:_settings)?\.py$/.test(path) &&
  scope.bindings.has('MEDIA_ROOT');

/** Django's own default, unless the settings name another storage. */
function keepsFiles(program: Program): boolean {
  const named = program
    .mentioning('DEFAULT_FILE_STORAGE', 'python')
    .flatMap((module) => bound(module, 'DEFAULT_FILE_STORAGE'));
  const storages = program.mentioning('STORAGES', 'python');
  if (storages.some(({ path }) => /\bSTORAGES\s*\[/.test(program.files.get(path)!.text))) return false;
  const defaults = storages.flatMap((module) => bound(module, 'STORAGES')).map(backend);
  return [...named, ...defaults].every((one) => one === null || (one.kind === 'text' && FILES.test(one.value)));
}

const bound = (module: Module, name: string): (Expr | null)[] =>
  (module.scope.bindings.get(name) ?? []).map(({ target }) => (target.kind === 'value' ? target.value : OPAQUE));

const OPAQUE: Expr = { kind: 'other', what: 'not set in the settings', start: 0, end: 0 };

/** `STORAGES = {'default': {'BACKEND': '...'}}` */
function backend(storages: Expr | null): Expr | null {
  if (storages?.kind !== 'object' || storages.spreads.length > 0) return OPAQUE;
  const entry = storages.entries.get('default');
  if (!entry) return null;
  return entry.kind === 'object' ? (entry.entries.get('BACKEND') ?? OPAQUE) : OPAQUE;
}

/** What is saved is removed again when it has been read. */
const REMOVES = /\bos\.(?:remove|unlink)\(|\.unlink\(|\brmtree\(/;
const removes = told((texts) => texts.some((text) => text.includes('UPLOAD_FOLDER') && REMOVES.test(text)), PYTHON);
const handedOut = told(
  (texts) => texts.flatMap((text) => text.match(/\bsend_from_directory\([^)]{0,160}/g) ?? []),
  PYTHON,
);
const saves = told((texts) => texts.some((text) => text.includes('UPLOAD_FOLDER') && /\.save\(/.test(text)), PYTHON);

function uploadFolders(values: Values): SourceStore[] {
  const { program } = values.names;
  if (program.mentioning('UPLOAD_FOLDER', 'python').length === 0 || removes(program) || !saves(program)) return [];
  const calls = handedOut(program);
  return flaskAssignments(program, 'UPLOAD_FOLDER')
    .filter(({ cls }) => !cls || !/dev|local|debug/i.test(cls))
    .flatMap(({ value, module }) => uploadsAt('UPLOAD_FOLDER', value, module, values))
    .filter(({ path }) => {
      const words = wordsOf(path);
      return (
        words.includes('static') ||
        calls.some((call) => /UPLOAD/i.test(call) || words.some((word) => call.includes(word)))
      );
    });
}

const takesUploads = told((texts) => texts.some((text) => /\bUploadFile\b/.test(text)), PYTHON);
const CALLED_SO = /^(?:uploads?|uploaded[-_]files|media|attachments|avatars|user[-_](?:files|uploads|content))$/i;

/** `app.mount("/uploads", StaticFiles(directory="uploads"))`, where files are taken as well. */
function served(values: Values): SourceStore[] {
  const { program } = values.names;
  return program.mentioning('StaticFiles(', 'python').flatMap((module) => {
    if (!takesUploads(program)) return [];
    return module.calls.flatMap((call) => {
      const isIt = values.names
        .libraryCallee(call)
        .some(
          (entity) =>
            entity.kind === 'library' && /^(?:fastapi|starlette)\.staticfiles\.StaticFiles$/.test(entity.name),
        );
      const at = isIt ? (call.named.get('directory') ?? call.args[0]) : undefined;
      if (!at) return [];
      return uploadsAt('StaticFiles', at, module, values).filter(({ path }) =>
        CALLED_SO.test(wordsOf(path).at(-1) ?? ''),
      );
    });
  });
}
