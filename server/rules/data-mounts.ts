/** Mounts by what they may have been meant for. */
import type { Mount } from '../project/model.ts';

/** A mount that could have been meant to hold data: writable, and no file. */
export function isDataMount(mount: Mount): boolean {
  if (mount.readOnly || (mount.type !== 'volume' && mount.type !== 'bind' && mount.type !== 'cluster')) return false;
  if (mount.unresolved.length > 0 && mount.source === undefined) return false;
  // The dot that a hidden folder begins with makes it no file: `/root/.n8n`.
  return !/[^/]\.[a-z0-9]{1,5}$/i.test(mount.target) || /\.(ms|d)$/i.test(mount.target);
}

/** Folders that are filled from outside, or that hold no data. */
export const HELPERS =
  /(^|\/)(docker-entrypoint-initdb\.d|initdb\.d|conf(ig)?(\.d)?|etc|certs?|ssl|tls|secrets?|backups?|dumps?|scripts?|logs?|import|export|plugins?|extensions?|snapshots?|run|tmp|init|lib|modules?|docs?|static|templates?|provisioning)(\/|$)/i;
