/** Images whose entrypoint hands on `$@` without quotes: there `- --mode dev-container` is two words. */
import type { Service } from '../project/model.ts';
import type { ServiceImage } from './model.ts';

const SPLITTING: ReadonlySet<string> = new Set(['redpanda']);

/** With an entrypoint of one's own the words stay as they are written. */
export const splitsWords = ({ service, image }: { readonly service: Service; readonly image: ServiceImage }): boolean =>
  !service.entrypoint && image.stage?.entrypoint == null && SPLITTING.has(image.match?.family.id ?? '');
