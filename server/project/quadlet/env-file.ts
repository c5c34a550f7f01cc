/** Files of `EnvironmentFile=`, as Podman reads them: line by line, without quotes and without variables. */
import { type Source, spanOf } from '../../syntax/source.ts';
import type { EnvironmentEntry } from '../model.ts';

/** A name without a value is passed on from the environment of systemd; null where a line is no variable. */
export function readEnvironmentFile(source: Source): readonly EnvironmentEntry[] | null {
  const entries: EnvironmentEntry[] = [];
  let at = 0;
  for (const line of source.text.split('\n')) {
    const text = line.replace(/\r$/, '');
    const start = at + (text.length - text.replace(/^[ \t]+/, '').length);
    const span = spanOf(source, start, at + text.length);
    at += line.length + 1;
    const written = text.slice(start - span.end + text.length);
    if (written === '' || written.startsWith('#')) continue;
    const equals = written.indexOf('=');
    if (equals === 0) return null;
    const name = equals < 0 ? written : written.slice(0, equals);
    if (equals < 0 && name.endsWith('*')) continue;
    const value = equals < 0 ? null : written.slice(equals + 1);
    entries.push({ name, value, span, unresolved: [], from: 'env_file' });
  }
  return entries;
}
