/** Random Dockerfiles that copy from a context. */
import type { Random } from '../differential/random.ts';
import { randomPattern } from './copy-patterns.ts';

/** The image that some of the stages start from; it has the directories that images have. */
export const BASE = 'persistence/usual:1';

export const USUAL_DIRECTORIES =
  '/bin /dev /etc /home /lib /media /mnt /opt /root /run /sbin /srv /tmp /usr /usr/bin /usr/lib /usr/local ' +
  '/usr/local/bin /usr/sbin /usr/share /var /var/cache /var/lib /var/log /var/tmp';

export interface RandomDockerfile {
  /** Instructions, each with the line ends that it has inside. */
  readonly instructions: readonly string[];
  readonly args: ReadonlyMap<string, string>;
}

const DESTINATIONS = (
  '/ . ./ /app /app/ /srv /srv/ sub sub/ /opt/x /opt/x/ /var/lib /etc /data/deep/er /data/deep/ /app/file /app/sub/. ' +
  'sub/.. ../up ../up/ /x/./y/../z/ //d $TO ${TO} ${TO}/ ${NONE:-/else} /app/$NAME /é/ /app/a /app/a.db'
).split(' ');

const WORKDIRS = ['/app', '/app/', 'app', 'sub', '../w', '$TO', '${TO}/in', '/srv', '/', '.', '"/q"', '/a b'];

/** What of a context is left of its ignore file, and nothing else. */
export const WHOLE: RandomDockerfile = {
  instructions: ['FROM scratch', 'COPY . /all/', 'WORKDIR /all'],
  args: new Map(),
};

export class DockerfileDraft {
  constructor(
    paths: readonly string[],
    private readonly links: ReadonlyMap<string, string>,
    private readonly random: Random,
  ) {
    this.#paths = paths.length > 0 ? paths : ['a'];
  }

  readonly #paths: readonly string[];

  /** The stage starts from an image, of which nobody who reads the Dockerfile knows all directories. */
  #onBase = false;

  make(): RandomDockerfile {
    const { random } = this;
    const args = new Map<string, string>();
    const some = (): string => random.pick(this.#paths);
    const plain = this.#paths.filter((path) => /^[\w./-]+$/.test(path) && !path.endsWith('.git'));
    const from = plain.length > 0 ? random.pick(plain) : 'a';
    const variables = [`ENV TO=${random.pick(['/to', 'to', '/srv/to'])}`, `ARG FROM=${from}`, 'ENV NAME=named'];
    if (random.chance(0.2)) args.set('FROM', plain.length > 0 ? random.pick(plain) : 'b');
    const base = (): string => {
      this.#onBase = random.chance(0.5);
      return this.#onBase ? BASE : 'scratch';
    };
    // Declared in every stage: the builder takes for empty what nobody declares, and we for something of the base.
    const instructions: string[] = [];
    const first = random.chance(0.3);
    if (first) {
      instructions.push(`FROM ${base()} AS first`, ...variables);
      instructions.push(...this.#body(some, 1 + random.below(2)));
    }
    instructions.push(`FROM ${first && random.chance(0.2) ? 'first' : base()} AS last`, ...variables);
    instructions.push(...this.#body(some, 1 + random.below(4)));
    if (first && random.chance(0.7)) instructions.push(this.#fromStage());
    return { instructions, args };
  }

  #body(some: () => string, count: number): string[] {
    const { random } = this;
    return Array.from({ length: count }, () => {
      const copy = random.chance(0.07) ? this.#heredoc(some()) : this.#copy(some);
      return random.chance(0.3) ? [`WORKDIR ${random.pick(WORKDIRS)}`, copy] : [copy];
    }).flat();
  }

  #copy(some: () => string): string {
    const { random } = this;
    const count = random.chance(0.75) ? 1 : 2 + random.below(2);
    const sources = Array.from({ length: count }, () => this.#source(some));
    // What ADD takes for a repository it looks for in the network.
    const keywords = sources.some((source) => source.includes('.git'))
      ? ['COPY']
      : ['COPY', 'COPY', 'COPY', 'ADD', 'copy'];
    const keyword = random.pick(keywords);
    let to = random.pick(DESTINATIONS);
    if (random.chance(0.2)) to = `/out/${some().split('/').at(-1)!.replace('$', '')}`;
    // Whether the place is a directory already is for the image to say; that it is one is taken for granted.
    if (this.#onBase && (sources.length > 1 || /[*?[$]/.test(sources.join('')))) to = to.replace(/\/?$/, '/');
    if (random.chance(0.05)) to = `"${to}"`;
    const words = [...sources, to];
    const json = words.some((word) => /\s/.test(word)) ? random.chance(0.9) : random.chance(0.2);
    const flag = random.chance(0.1) ? random.pick(['--chown=0:0 ', '--chmod=644 ', '--link ']) : '';
    if (json) return `${keyword} ${flag}${JSON.stringify(words)}`;
    return `${keyword} ${flag}${words.join(random.pick([' ', ' ', '  ', ' \\\n  ', '\t']))}`;
  }

  #source(some: () => string): string {
    const { random } = this;
    if (random.chance(0.25))
      return random.pick(['.', './', '*', '/', '*/', '*.db', '*/*', '.*', '..', '?', './*', '[a-d]*']);
    if (random.chance(0.1)) return random.pick(['$FROM', '${FROM}', './$FROM', '${FROM}*', '${NONE:-a}', '${FROM%/*}']);
    if (random.chance(0.04)) return random.pick(['missing', 'a/missing', 'missing*', 'app.py/x', '**/a', 'a/**']);
    const path = some();
    // No `**s`: to what asks for the files it is another pattern than to what then looks for them.
    let written = random.chance(0.3) ? randomPattern(path, random, false) : path;
    // A link found below a pattern for a folder leads nowhere, unless the builder is sent its end for another reason.
    if (this.links.has(path) && /[*?[]/.test(written.slice(0, written.lastIndexOf('/') + 1))) written = path;
    // The word is read as a shell would before it is a path; what is not escaped says something else to both.
    // A variable that nobody declares is empty to the builder; to us it may be one of the base image's.
    written = written.replace(random.chance(0.8) ? /[$'"\\]/g : /\$/g, '\\$&');
    if (random.chance(0.1)) written = random.pick(['./', '/', '../', 'x/../', './/'])! + written;
    if (random.chance(0.15)) written += random.pick(['/', '/.', '/*', '/..', '//']);
    return written;
  }

  #heredoc(name: string): string {
    const plain =
      name
        .split('/')
        .at(-1)!
        .replace(/[^\w.]/g, '') || 'h';
    const { random } = this;
    if (random.chance(0.5)) return `COPY <<EOF /here/${plain}\nCOPY a /b\nEOF`;
    return `COPY <<${plain} ${this.#source(() => name)} /here/\ntext\n${plain}`;
  }

  /** Only what was copied to its place in the stage, or near it, can be there. */
  #fromStage(): string {
    const { random } = this;
    const to = random.pick(['/taken', '/taken/', '.', '/app', '/srv']);
    return `COPY --from=${random.pick(['first', '0', 'FIRST'])} ${random.pick(['/', '/app', '/srv', '/app/', '/to', '/out'])} ${to}`;
  }
}
