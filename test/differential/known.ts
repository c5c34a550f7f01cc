/** Where we differ from that Compose on purpose, each with the reason and a project that shows it. */
import type { TestProject } from './project.ts';

export interface Known extends Pick<TestProject, 'files'> {
  readonly name: string;
  readonly reason: string;
  /** How `difference` words it. */
  readonly difference: RegExp;
}

const compose = (text: string): Pick<Known, 'files'> => ({ files: { 'compose.yaml': text } });

/** Attributes that came after this Compose. */
const LATER: readonly (readonly [name: string, text: string])[] = [
  ['pulling once a day', 'services: {a: {image: x, pull_policy: daily}}\n'],
  ['pulling now and then', 'services: {a: {image: x, pull_policy: every_12h}}\n'],
  ['services of a provider', 'services: {a: {provider: {type: cloud, options: {size: small}}}}\n'],
  ['models', 'services: {a: {image: x, models: [m]}}\nmodels: {m: {model: ai/m}}\n'],
  ['the socket of the engine', 'services: {a: {image: x, use_api_socket: true}}\n'],
  [
    'parts of images',
    'services: {a: {image: x, volumes: [{type: image, source: i, target: /t, image: {subpath: s}}]}}\n',
  ],
  ['names of interfaces', 'services: {a: {image: x, networks: {n: {interface_name: eth9}}}}\nnetworks: {n: }\n'],
  ['attestations', 'services: {a: {build: {context: ., provenance: true, sbom: false}}}\n'],
];

export const KNOWN: readonly Known[] = [
  {
    name: 'raw environment files',
    reason: 'later versions of Compose know `format: raw`; this one refuses every format',
    files: {
      'compose.yaml': 'services: {a: {image: x, env_file: [{path: a.env, format: raw}]}}\n',
      'a.env': "A='b'\n",
    },
    difference: /Compose refuses: .*unsupported env_file format/,
  },
  {
    name: 'variables that start with x-',
    reason:
      'this Compose takes a variable `x-...` for an extension and passes `#extensions=map[...]` to the container instead',
    ...compose('services: {a: {image: x, environment: {x-ray: "1"}}}\n'),
    difference: /environment\.#extensions/,
  },
  {
    name: 'types of mounts that no engine knows',
    reason: 'Compose leaves it to the engine to refuse an unknown type of mount; nothing can be said of its data',
    ...compose('services: {a: {image: x, volumes: [{type: unknown, source: s, target: /t}]}}\n'),
    difference: /Compose accepts, we say: "unknown" is no type of mount/,
  },
  {
    name: 'empty lists under two files',
    reason: 'between two files this Compose forgets some empty lists and then refuses what it has made of them itself',
    files: {
      'compose.yaml': 'services: {a: {image: x, healthcheck: {test: []}}}\n',
      'compose.override.yaml': 'services: {a: {user: u}}\n',
    },
    difference: /Compose refuses: .*healthcheck\.test must be a string/,
  },
  {
    name: 'binary scalars',
    reason: 'texts in base64 are what Compose decodes and nobody writes',
    ...compose('services: {a: {image: x, user: !!binary aGk=}}\n'),
    difference: /user: Compose "hi", we "aGk="/,
  },
  {
    name: 'keys for builds',
    reason: 'this Compose accepts a path behind an ssh key and then fails to print it',
    ...compose('services: {a: {build: {context: ., ssh: ["k=./key"]}}}\n'),
    difference: /Compose refuses: json: error calling MarshalJSON/,
  },
  {
    name: 'watching with a first copy',
    reason: 'later versions of Compose copy files when watching starts, and take patterns of what is watched',
    ...compose(
      'services: {a: {image: x, develop: {watch: [{path: ., action: sync, target: /a, initial_sync: true, include: ["*.js"]}]}}}\n',
    ),
    difference: /Compose refuses: .*Additional property (include|initial_sync) is not allowed/,
  },
  ...LATER.map(
    ([name, text]): Known => ({
      name,
      reason: 'later versions of Compose know it',
      ...compose(text),
      difference: /Compose refuses: /,
    }),
  ),
];
