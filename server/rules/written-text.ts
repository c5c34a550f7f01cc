/**
 * Text that lies among the data of a server. People write it, and commit it on purpose; what a server writes by itself is
 * said here, by catalogue id and by path below its data.
 */
export interface WrittenText {
  readonly files: RegExp;
  /** Nobody has checked it. */
  readonly unverified?: true;
}

/** The editors of its own pages write these (https://www.home-assistant.io/docs/automation/editor/); the rest it only reads. */
const HOME_ASSISTANT: WrittenText = { files: /^(automations|scripts|scenes)\.ya?ml$/ };
const ARR: WrittenText = { files: /^config\.xml$/, unverified: true };

export const WRITTEN_TEXT: Readonly<Record<string, WrittenText>> = {
  'home-assistant': HOME_ASSISTANT,
  'linuxserver-homeassistant': HOME_ASSISTANT,
  // Devices and the network key that it makes are put into it (https://www.zigbee2mqtt.io/guide/configuration/).
  zigbee2mqtt: { files: /^(configuration|devices|groups)\.ya?ml$/ },
  adguardhome: { files: /^AdGuardHome\.yaml$/, unverified: true },
  gitea: { files: /(^|\/)app\.ini$/, unverified: true },
  forgejo: { files: /(^|\/)app\.ini$/, unverified: true },
  'linuxserver-lidarr': ARR,
  'linuxserver-prowlarr': ARR,
  'linuxserver-radarr': ARR,
  'linuxserver-readarr': ARR,
  'linuxserver-sonarr': ARR,
  syncthing: { files: /(^|\/)config\.xml$/, unverified: true },
  'linuxserver-syncthing': { files: /(^|\/)config\.xml$/, unverified: true },
  znc: { files: /(^|\/)znc\.conf$/, unverified: true },
};

/** Configuration, scripts and what is told of them. */
export const BY_HAND =
  /\.(ya?ml|toml|ini|conf|cnf|cfg|properties|xml|env|md|txt|rst|sh|bash|py|js|html?|css|lua|j2|jinja2?|tmpl|template|example|sample|dist)$|(^|\/)(Dockerfile|Makefile|Caddyfile|LICEN[CS]E)$/i;
