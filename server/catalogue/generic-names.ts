/** Last components of image names that say nothing about the product, so that no look-alike is made of them. */

/** What people call images of their own, whatever is in them. */
const ROLES =
  'admin agent api app apps application backend backup base build builder cache cli client cms console core cron ' +
  'dashboard data database db dev docker engine files frontend gateway graph home hub image init job jobs kernel lite ' +
  'logs main manager master media metrics migrate migrations model models monitor node nodes notes operator panel ' +
  'platform playground portal prod proxy queue recipes registry relay release runner runtime scheduler search server ' +
  'service services signal site stack staging storage store stream studio sync system tasks test tools ui web webapp ' +
  'website wiki worker workspace';

/** Names of products that are ordinary words, and so the names of other people's projects too. */
const WORDS =
  'actual affine age alloy answer artemis atlas beats concourse crate dex dragonfly drone ' +
  'firebird flame frigate garage garnet gel glance grav grist healthchecks homepage homer ignite ' +
  'lemmy memos monica nebula outline phoenix prefect pulsar semaphore send sentry serge ' +
  'sonic squid stash storm tempo unifi vector vespa windmill';

export const GENERIC_NAMES: ReadonlySet<string> = new Set(`${ROLES} ${WORDS}`.split(' '));
