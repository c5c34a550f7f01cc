/**
 * The home directory of a container's process. The engine takes it from the user that it starts, unless a variable says it:
 * where a program keeps its data below it, `user:` moves the data.
 */
import { usersOf } from '../catalogue/match.ts';
import type { Service } from '../project/model.ts';
import type { Evidence } from '../survival/words.ts';
import type { EffectiveEnvironment } from './from-image.ts';
import type { FamilyMatch, ServiceImage } from './model.ts';

/** Programs that start another one as another user, and scripts, that may. */
const SWITCHES = /(^|[\s/;&|])(su|su-exec|gosu|runuser|setpriv|sudo|s6-setuidgid|chpst)\s|\.sh\b/;

/** The environment with `HOME` in it, where that decides on a place and another user than the image's own is started. */
export function withHome(
  environment: EffectiveEnvironment,
  service: Service,
  image: ServiceImage,
): EffectiveEnvironment {
  const { match, stage } = image;
  if (!match || environment.has('HOME') || !followsHome(match)) return environment;
  const user = service.user ?? stage?.user;
  if (!user) return environment;
  const open = user.unresolved.length > 0;
  const [name = ''] = user.value.split(':');
  if (!open && isUsual(name, match)) return environment;
  const known = !open && (name === 'root' || name === '0') && !mayBeAnother(service, image);
  const evidence: Evidence = {
    from: service.user ? 'environment' : 'dockerfile',
    note: known
      ? `user ${name} with the home directory /root`
      : `the home directory of the user ${user.value} is not known`,
    span: user.span,
    confidence: known ? 'primary' : 'memory',
  };
  return new Map([...environment, ['HOME', { value: known ? '/root' : null, evidence }]]);
}

const followsHome = ({ family }: FamilyMatch): boolean =>
  family.relocations.some(({ by, key }) => by === 'env' && key === 'HOME');

/** Whom the image starts anyway, by name or number. */
const isUsual = (name: string, match: FamilyMatch): boolean =>
  usersOf(match, new Map()).some(({ start, uid, run }) => name === start || (start === run && name === String(uid)));

/** Words of one's own may start the server as somebody else. */
function mayBeAnother({ entrypoint, command }: Service, { stage }: ServiceImage): boolean {
  const own = [entrypoint, command, stage?.entrypoint, stage?.command].flatMap((words) => words?.words ?? []);
  return SWITCHES.test(`${own.join(' ')} `);
}
