/** Registries that serve what another one publishes, so that a mirrored image is recognised as the original. */

interface Mirror {
  /** The registry, or its ending when it begins with a dot. */
  readonly registry: string;
  /** Only paths below this one are mirrored; it is taken off. */
  readonly below?: string;
  readonly origin: string;
  /** Put in front of the path that is left. */
  readonly as?: string;
}

const HUB = 'docker.io';
const KUBERNETES = 'registry.k8s.io';

const hub = (registry: string): Mirror => ({ registry, origin: HUB });

/** Order matters: the first entry that fits decides. */
const MIRRORS: readonly Mirror[] = [
  // Docker Hub's own names.
  hub('index.docker.io'),
  hub('registry-1.docker.io'),
  hub('registry.hub.docker.com'),
  hub('registry.docker.io'),
  // Parts of other registries that repeat Docker Hub.
  hub('mirror.gcr.io'),
  { registry: 'public.ecr.aws', below: 'docker/', origin: HUB },
  { registry: 'public.ecr.aws', below: 'bitnami/', origin: HUB, as: 'bitnami/' },
  { registry: 'mcr.microsoft.com', below: 'mirror/docker/', origin: HUB },
  // Public pull-through caches.
  hub('docker.m.daocloud.io'),
  { registry: 'ghcr.m.daocloud.io', origin: 'ghcr.io' },
  { registry: 'gcr.m.daocloud.io', origin: 'gcr.io' },
  { registry: 'quay.m.daocloud.io', origin: 'quay.io' },
  { registry: 'k8s.m.daocloud.io', origin: KUBERNETES },
  { registry: 'elastic.m.daocloud.io', origin: 'docker.elastic.co' },
  hub('docker.1ms.run'),
  hub('docker.xuanyuan.me'),
  hub('docker.mirrors.ustc.edu.cn'),
  hub('docker.nju.edu.cn'),
  hub('dockerproxy.com'),
  hub('dockerproxy.net'),
  hub('dockerpull.org'),
  hub('dockerpull.com'),
  hub('dockerhub.icu'),
  hub('dockerhub.timeweb.cloud'),
  hub('hub-mirror.c.163.com'),
  hub('hub.rat.dev'),
  hub('huecker.io'),
  hub('mirror.baidubce.com'),
  hub('mirror.ccs.tencentyun.com'),
  hub('registry.docker-cn.com'),
  hub('.mirror.aliyuncs.com'),
  // Kubernetes images under their former and their mirrored names.
  { registry: 'k8s.gcr.io', origin: KUBERNETES },
  { registry: 'registry.aliyuncs.com', below: 'google_containers/', origin: KUBERNETES },
  { registry: '.aliyuncs.com', below: 'google_containers/', origin: KUBERNETES },
  // Names of one product's own registry.
  { registry: 'docker.redpanda.com', origin: HUB },
  { registry: 'docker.n8n.io', origin: HUB },
];

/** Registries whose name a cache repeats inside the path: `cache.example.com/ghcr.io/owner/name`. */
const EMBEDDED: Readonly<Record<string, string>> = {
  'docker.io': HUB,
  'registry-1.docker.io': HUB,
  dockerhub: HUB,
  'docker-hub': HUB,
  'dockerhub-proxy': HUB,
  'docker-hub-proxy': HUB,
  'ghcr.io': 'ghcr.io',
  'quay.io': 'quay.io',
  'gcr.io': 'gcr.io',
  'registry.k8s.io': KUBERNETES,
  'docker.elastic.co': 'docker.elastic.co',
  'lscr.io': 'lscr.io',
};

/** Where GitLab serves its cache of Docker Hub. */
const DEPENDENCY_PROXY = 'dependency_proxy/containers/';

/** Docker Hub namespaces that hold the official images of one architecture. */
const ARCHITECTURES: ReadonlySet<string> = new Set([
  'amd64',
  'arm32v5',
  'arm32v6',
  'arm32v7',
  'arm64v8',
  'i386',
  'mips64le',
  'ppc64le',
  'riscv64',
  's390x',
  'winamd64',
]);

export interface Location {
  readonly registry: string;
  readonly path: string;
}

/** Where an image comes from in the end: mirrors undone, `library/` added, architectures taken off. */
export function originOf(location: Location): Location {
  const { registry, path } = undoMirrors(location);
  if (registry !== HUB) return { registry, path };
  const [first, second, ...rest] = path.split('/');
  if (second === undefined) return { registry, path: `library/${path}` };
  if (rest.length === 0 && ARCHITECTURES.has(first!)) return { registry, path: `library/${second}` };
  return { registry, path };
}

function undoMirrors({ registry, path }: Location): Location {
  const mirror = MIRRORS.find((one) => serves(one, registry, path));
  if (mirror) return { registry: mirror.origin, path: (mirror.as ?? '') + path.slice(mirror.below?.length ?? 0) };
  if (registry === HUB) return { registry, path };
  const proxied = path.indexOf(DEPENDENCY_PROXY);
  if (proxied >= 0) return { registry: HUB, path: path.slice(proxied + DEPENDENCY_PROXY.length) };
  const parts = path.split('/');
  const at = parts.findIndex((part, i) => part in EMBEDDED && i < parts.length - 1);
  return at < 0 ? { registry, path } : { registry: EMBEDDED[parts[at]!]!, path: parts.slice(at + 1).join('/') };
}

function serves(mirror: Mirror, registry: string, path: string): boolean {
  const named = mirror.registry.startsWith('.') ? registry.endsWith(mirror.registry) : registry === mirror.registry;
  return named && (mirror.below === undefined || (path.startsWith(mirror.below) && path.length > mirror.below.length));
}
