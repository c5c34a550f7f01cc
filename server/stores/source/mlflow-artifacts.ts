/** MLflow used without a server: what a program logs lies below `./mlruns`, apart from the database that it names. */
import { spanOf } from '../../syntax/source.ts';
import type { Call, Module } from './code.ts';
import { NOTHING_BOUND, Unbound } from './entities.ts';
import { literal, type Value } from './expressions.ts';
import { argument } from './find.ts';
import type { PathExpression, SourceStore } from './model.ts';
import { told, uploadsStore } from './uploads.ts';
import type { Values } from './values.ts';

const PYTHON = /\.py$/;

/** Where each of the calls takes the URL. */
const TRACKERS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['mlflow.set_tracking_uri', ['0', 'uri']],
  ['mlflow.tracking.set_tracking_uri', ['0', 'uri']],
  ['mlflow.MlflowClient', ['0', 'tracking_uri']],
  ['mlflow.tracking.MlflowClient', ['0', 'tracking_uri']],
  ['mlflow.client.MlflowClient', ['0', 'tracking_uri']],
]);

/** With a folder as its backend MLflow keeps the artifacts beside the runs. */
const SQL = /^(?:sqlite|postgres|postgresql|mysql|mssql)(?:\+\w+)?:/i;

/** Files are logged, and not figures alone. */
const LOGS = /\.(?:log_artifacts?|log_model|autolog|log_figure|log_image|log_dict|log_text|log_table)\s*\(/;
/** The place is told, or is a server's. */
const TOLD = /\bartifact_(?:location|uri|root)\s*=|\bMLFLOW_(?:ARTIFACT|DEFAULT_ARTIFACT)\w*/;

const logs = told((texts) => texts.some((text) => LOGS.test(text)) && !texts.some((text) => TOLD.test(text)), PYTHON);

export function mlflowArtifacts(values: Values): SourceStore[] {
  const { program } = values.names;
  const modules = new Set(['set_tracking_uri(', 'MlflowClient('].flatMap((word) => program.mentioning(word, 'python')));
  if (modules.size === 0 || !logs(program)) return [];
  const calls = [...modules].flatMap((module) =>
    module.calls.flatMap((call) => (tracks(call, values) ? [{ call, module }] : [])),
  );
  // A program that names a server as well may keep them there.
  if (calls.some(({ call }) => !isSql(urlOf(call, values)))) return [];
  return calls.slice(0, 1).map(({ call, module }) => artifacts(call, module, values));
}

const tracks = (call: Call, { names }: Values): boolean =>
  names.libraryCallee(call).some((entity) => entity.kind === 'library' && TRACKERS.has(entity.name)) &&
  call.args.length + call.named.size + call.spreads.length > 0;

function urlOf(call: Call, values: Values): Value {
  const found = values.names.libraryCallee(call).find((entity) => entity.kind === 'library');
  const at = (found?.kind === 'library' ? TRACKERS.get(found.name) : undefined)
    ?.map((place) => argument(place, call, NOTHING_BOUND, values))
    .find((one) => one !== null);
  if (!at || at === 'passed on') return null;
  try {
    return values.of(at);
  } catch (error) {
    if (error instanceof Unbound) return null;
    throw error;
  }
}

/** Whatever else it is made of. */
function isSql(value: PathExpression | null): boolean {
  if (value?.kind === 'literal') return SQL.test(value.value);
  return value?.kind === 'concat' && isSql(value.parts[0]!);
}

function artifacts(call: Call, module: Module, { names }: Values): SourceStore {
  const span = spanOf(names.program.files.get(module.path)!, call.start, call.end);
  const store = uploadsStore('mlflow', literal('./mlruns'), span, module.path, 'mlflow keeps artifacts in mlruns');
  return { ...store, told: { ...store.told!, confidence: 'memory' } };
}
