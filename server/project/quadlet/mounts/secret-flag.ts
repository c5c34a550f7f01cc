/** `--secret name[,type=mount|env][,target=...]`, which `Secret=` becomes. */
import { type Chars, place } from '../../../syntax/unit/chars.ts';
import type { EnvironmentEntry, Mount } from '../../model.ts';
import { cleanTarget } from '../../mounts.ts';
import { csv } from './mount-flag.ts';

export interface SecretParts {
  readonly mount?: Mount;
  readonly variable?: EnvironmentEntry;
}

export function readSecretFlag(whole: Chars): SecretParts {
  const fields = csv(whole);
  const [name, ...options] = typeof fields === 'string' ? [whole] : fields;
  if (!name || name.text === '') return {};
  const option = (wanted: string) =>
    options.find(({ text }) => text.startsWith(`${wanted}=`))?.text.slice(wanted.length + 1);
  const target = option('target') ?? name.text;
  const span = place(whole);
  if (option('type') === 'env')
    return { variable: { name: target, value: null, span, unresolved: [], from: 'environment' } };
  const at = target.startsWith('/') ? target : `/run/secrets/${target}`;
  return {
    mount: {
      type: 'secret',
      source: name.text,
      sourceText: name.text,
      target: cleanTarget(at),
      targetText: at,
      readOnly: true,
      span,
      sourceSpan: place(name),
      targetSpan: span,
      unresolved: [],
      from: 'secrets',
    },
  };
}
