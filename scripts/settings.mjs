// The settings that the extension contributes (contributes.configuration in package.json), from the list of rules.
import * as fs from 'node:fs';

const SEVERITIES = {
  error: 'Data is certain to be lost or unreadable at a routine step.',
  warning: 'Data is lost at a plausible event.',
  info: 'A bounded loss, or one that depends on what the files do not say.',
  hint: 'Shown in the editor only, not in the Problems panel.',
  off: 'Not reported.',
};

const LEVELS = {
  inspect: 'Look from outside: nothing is run in a container.',
  read: 'Ask the servers: nothing is written.',
  probe: 'Plant and remove a marked record in each running server.',
  drill: 'Drill in a scratch copy of the project.',
};

const severityOf = (rule) => ({
  type: 'string',
  enum: Object.keys(SEVERITIES),
  enumDescriptions: Object.values(SEVERITIES),
  default: rule.severity,
  markdownDescription: rule.summary,
});

const FAMILY = JSON.parse(fs.readFileSync(new URL('../server/catalogue/schema.json', import.meta.url), 'utf8'));

/** With what its references name in their place: an editor looks for them in the schema of all settings. */
function inlined(value) {
  if (Array.isArray(value)) return value.map(inlined);
  if (typeof value !== 'object' || value === null) return value;
  const { $ref, ...own } = value;
  const named = $ref ? FAMILY.definitions[$ref.split('/').at(-1)] : {};
  return Object.fromEntries(Object.entries({ ...named, ...own }).map(([key, one]) => [key, inlined(one)]));
}

/** What `images` takes for one: the catalogue's schema without what the name says, and nothing of it required. */
function imageSchema() {
  const { id: _id, images: _images, ...known } = FAMILY.properties;
  const paths = {
    type: 'array',
    minItems: 1,
    uniqueItems: true,
    items: { $ref: '#/definitions/path' },
    description: 'Absolute paths in the container; short for `data`.',
  };
  return inlined({ type: 'object', additionalProperties: false, properties: { paths, ...known } });
}

/** @param rules one `{ name, summary, severity }` each; `image` the schema of one of the user's images */
const configuration = (rules, image) => ({
  title: 'Compose Persistence',
  properties: {
    'composePersistence.rules': {
      order: 1,
      type: 'object',
      scope: 'resource',
      default: {},
      additionalProperties: false,
      properties: Object.fromEntries(rules.map((rule) => [rule.name, severityOf(rule)])),
      markdownDescription:
        'The highest severity that a rule reports, or `off`, by rule. A `.compose-persistence.yaml` in the workspace may say the same for everyone who works on it.',
    },
    'composePersistence.images': {
      order: 2,
      type: 'object',
      scope: 'resource',
      default: {},
      additionalProperties: image,
      markdownDescription:
        'Where images of your own keep data, by image name without its tag: `{ "my/db": { "paths": ["/data"] } }`. All that the catalogue knows of an image may be said as well.',
    },
    'composePersistence.exclude': {
      order: 3,
      type: 'array',
      scope: 'resource',
      default: [],
      items: { type: 'string' },
      markdownDescription: 'Files to leave alone, as globs relative to the workspace folder: `legacy/**`.',
    },
    'composePersistence.includeTests': {
      order: 4,
      // Null where nothing was chosen: `false` would overrule the configuration file.
      type: ['boolean', 'null'],
      scope: 'resource',
      default: null,
      description: 'Report findings in files that belong to tests or continuous integration, too.',
    },
    'composePersistence.projects': {
      order: 5,
      type: 'array',
      scope: 'resource',
      default: [],
      items: {
        type: 'object',
        required: ['files'],
        additionalProperties: false,
        properties: {
          files: {
            type: 'array',
            minItems: 1,
            uniqueItems: true,
            items: { type: 'string', minLength: 1 },
            description: 'Compose files relative to the workspace folder, base first, as given to `-f`.',
          },
          name: {
            type: 'string',
            pattern: '^[a-z0-9][a-z0-9_-]*$',
            description: 'The name of the project, as `--project-name`.',
          },
          profiles: {
            type: 'array',
            items: { type: 'string', minLength: 1 },
            description: 'The profiles that are switched on.',
          },
        },
      },
      markdownDescription:
        'Compose files that are run together, where that cannot be told from their names, `COMPOSE_FILE` or scripts: `[{ "files": ["compose.yaml", "compose.prod.yaml"] }]`.',
    },
    'composePersistence.codeLens': {
      order: 6,
      type: 'boolean',
      scope: 'resource',
      default: true,
      markdownDescription: 'Offer "Verify persistence" above the services of a Compose file.',
    },
    'composePersistence.verify.level': {
      order: 7,
      type: 'string',
      scope: 'machine-overridable',
      enum: Object.keys(LEVELS),
      enumDescriptions: Object.values(LEVELS),
      default: 'inspect',
      markdownDescription:
        'How "Verify persistence" looks when it is started from a code lens, and what its list of choices offers first. What writes is always confirmed before it starts.',
    },
    'composePersistence.engine.host': {
      order: 8,
      type: 'string',
      scope: 'machine',
      default: '',
      markdownDescription:
        'The container engine that "Verify persistence" asks, as in `DOCKER_HOST`: `unix:///run/user/1000/docker.sock`, `ssh://user@host`. Where it is empty, `#composePersistence.engine.context#`, `DOCKER_HOST`, the current Docker context and the usual sockets are tried.',
    },
    'composePersistence.engine.context': {
      order: 9,
      type: 'string',
      scope: 'machine',
      default: '',
      markdownDescription: 'The Docker context whose engine "Verify persistence" asks.',
    },
    'composePersistence.trace.server': {
      order: 10,
      type: 'string',
      scope: 'window',
      enum: ['off', 'messages', 'verbose'],
      default: 'off',
      description: 'What passes between VS Code and the language server, written to the output channel.',
    },
  },
});

export function generateSettings(rules) {
  const file = new URL('../package.json', import.meta.url);
  const before = fs.readFileSync(file, 'utf8');
  const manifest = JSON.parse(before);
  manifest.contributes = { ...manifest.contributes, configuration: configuration(rules, imageSchema()) };
  const after = `${JSON.stringify(manifest, null, 2)}\n`;
  if (after !== before) fs.writeFileSync(file, after);
}
