/** `--mount type=...,source=...,target=...`, which `Mount=` becomes. */
import { type Chars, place, slice, Writer } from '../../../syntax/unit/chars.ts';
import type { Mount } from '../../model.ts';
import { byteSize } from '../../values.ts';
import type { Value } from '../model.ts';
import { isOutcome, notTold, type Origin, type Outcome, type Place, refused, targetOf, written } from './outcome.ts';
import { bindSource, noUnit, ofUnit } from './sources.ts';

interface Option {
  readonly name: string;
  /** Null where there is no `=`. */
  readonly value: Chars | null;
}

export function readMountFlag(whole: Chars, origin: Origin, at: Place): Outcome[] {
  const fields = csv(whole);
  if (typeof fields === 'string') return [refused(whole, `not a mount: ${fields}`)];
  const options = fields.map(optionOf);
  const typed = options.find(({ name, value }) => name === 'type' && value !== null && !value.text.includes('='));
  if (!typed?.value) return [refused(whole, 'a mount needs a type')];
  const type = typed.value.text;
  const value = (...names: string[]): Chars | null | undefined =>
    options.find((one) => names.includes(one.name))?.value;
  if (type === 'devpts') return [];
  if (type === 'glob') return [notTold(whole, 'which files of the host match decides what is mounted')];
  const targetChars = value('target', 'dst', 'destination');
  if (!targetChars) return [refused(whole, 'a mount needs a target')];
  const target = targetOf(at.expand(targetChars), whole);
  if (isOutcome(target)) return [target];
  const source = value('source', 'src');
  const details: Omit<Mount, 'type'> = {
    ...target,
    span: place(whole),
    unresolved: [],
    from: 'volumes',
    readOnly: isReadOnly(options),
    ...detailsOf(options),
  };
  switch (type) {
    case 'tmpfs':
    case 'ramfs':
      return [{ mount: { ...details, type: 'tmpfs' } }];
    case 'bind': {
      const folder = source ? at.expand(source) : at.expand(targetChars);
      return [{ mount: { ...details, createHostPath: false, ...bindSource(folder, origin, at) } }];
    }
    case 'volume':
      if (!source || source.text === '') return [{ mount: { ...details, type: 'volume' } }];
      return ofVolume(at.expand(source), details, origin, at);
    case 'image':
    case 'artifact': {
      if (!source || source.text === '') return [refused(whole, 'an image that is mounted needs a source')];
      const taken = at.expand(source);
      const isUnit = origin === 'key' && type === 'image' && taken.chars.text.endsWith('.image');
      const named = isUnit ? at.imageUnit(taken.chars.text) : taken.chars.text;
      if (named === undefined) return [noUnit(taken), somethingAt(details, taken)];
      const writable = options.some((one) => one.name === 'rw' && one.value?.text !== 'false');
      return [{ mount: { ...details, ...written(taken), type: 'image', source: named, readOnly: !writable } }];
    }
    default:
      return [refused(typed.value, `"${type}" is no type of mount`)];
  }
}

function ofVolume(source: Value, details: Omit<Mount, 'type'>, origin: Origin, at: Place): Outcome[] {
  const { text } = source.chars;
  if (origin === 'key' && text.endsWith('.volume')) {
    const made = ofUnit(source, at);
    return isOutcome(made) ? [made, somethingAt(details, source)] : [{ mount: { ...details, ...made } }];
  }
  return [{ mount: { ...details, ...written(source), type: 'volume', source: at.volumeNamed(text, source) } }];
}

/** What the unit would make is not known, that something lies there is. */
const somethingAt = (details: Omit<Mount, 'type'>, taken: Value): Outcome => ({
  mount: {
    ...details,
    ...written(taken),
    type: 'bind',
    unresolved: [{ variable: taken.written.text, span: place(taken.written) }],
  },
});

function isReadOnly(options: readonly Option[]): boolean {
  const option = options.find(({ name }) => name === 'ro' || name === 'readonly' || name === 'rw');
  if (!option) return false;
  const isOn = option.value === null || option.value.text.toLowerCase() === 'true';
  return option.name === 'rw' ? option.value?.text.toLowerCase() === 'false' : isOn;
}

function detailsOf(options: readonly Option[]): Partial<Mount> {
  const text = (...names: string[]) => options.find(({ name }) => names.includes(name))?.value?.text;
  const relabel = text('relabel');
  const selinux = relabel ? (relabel === 'shared' ? 'z' : 'Z') : options.find(({ name }) => /^[zZ]$/.test(name))?.name;
  const size = text('tmpfs-size');
  const mode = text('tmpfs-mode');
  const subpath = text('subpath', 'volume-subpath');
  const propagation = text('bind-propagation');
  const consistency = text('consistency');
  return {
    ...(selinux ? { selinux } : {}),
    ...(size !== undefined ? { tmpfsSize: byteSize(size) } : {}),
    ...(mode !== undefined ? { tmpfsMode: Number.parseInt(mode, 8) } : {}),
    ...(subpath !== undefined ? { subpath } : {}),
    ...(propagation !== undefined ? { propagation } : {}),
    ...(consistency !== undefined ? { consistency } : {}),
  };
}

function optionOf(field: Chars): Option {
  const equals = field.text.indexOf('=');
  return equals < 0
    ? { name: field.text, value: null }
    : { name: field.text.slice(0, equals), value: slice(field, equals + 1) };
}

/** Fields between commas; one in quotes may hold commas, and quotes that are doubled. @returns a cause where it is none */
export function csv(line: Chars): Chars[] | string {
  const { text } = line;
  const fields: Chars[] = [];
  let i = 0;
  for (;;) {
    if (text[i] === '"') {
      const writer = new Writer(line.source, line.starts[i]!);
      for (i++; i < text.length; i++) {
        if (text[i] !== '"') writer.add(line, i, i + 1);
        else if (text[i + 1] === '"') writer.add(line, i, ++i + 1, '"');
        else break;
      }
      if (i >= text.length) return 'a quote is not closed';
      i++;
      if (i < text.length && text[i] !== ',') return 'something follows a closed quote';
      fields.push(writer.done());
    } else {
      const comma = text.indexOf(',', i);
      const end = comma < 0 ? text.length : comma;
      if (text.slice(i, end).includes('"')) return 'a quote stands inside of a part';
      fields.push(slice(line, i, end));
      i = end;
    }
    if (i >= text.length) return fields;
    i++;
  }
}
