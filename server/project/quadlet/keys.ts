/** The keys that Quadlet knows, up to Podman 6: any other makes it leave out the unit. */
import type { UnitKind } from './model.ts';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Of every kind of unit. */
const COMMON = words('ContainersConfModule GlobalArgs PodmanArgs ServiceName');
const NAMES = words('AddHost DNS DNSOption DNSSearch Network NetworkAlias PublishPort IP IP6');
const USERS = words('UserNS UIDMap GIDMap SubUIDMap SubGIDMap RemapUsers RemapUid RemapGid RemapUidSize');
const REGISTRY = words('Arch AuthFile CertDir Creds DecryptionKey TLSVerify Variant Retry RetryDelay');

const CONTAINER = words(`
  AddCapability AddDevice Annotation AppArmor AutoUpdate CgroupsMode ContainerName DropCapability Entrypoint Environment
  EnvironmentFile EnvironmentHost Exec ExposeHostPort Group GroupAdd HealthCmd HealthInterval HealthLogDestination
  HealthMaxLogCount HealthMaxLogSize HealthOnFailure HealthRetries HealthStartPeriod HealthStartupCmd
  HealthStartupInterval HealthStartupRetries HealthStartupSuccess HealthStartupTimeout HealthTimeout HostName HttpProxy
  Image Label LogDriver LogOpt Mask Memory Mount NoNewPrivileges Notify PidsLimit Pod Pull ReadOnly ReadOnlyTmpfs
  ReloadCmd ReloadSignal Retry RetryDelay Rootfs RunInit SeccompProfile Secret SecurityLabelDisable
  SecurityLabelFileType SecurityLabelLevel SecurityLabelNested SecurityLabelType ShmSize StartWithPod StopSignal
  StopTimeout Sysctl Timezone Tmpfs Ulimit Unmask User VolatileTmp Volume WorkingDir
`);

export const KNOWN_KEYS: Readonly<Record<UnitKind, ReadonlySet<string>>> = {
  container: new Set([...COMMON, ...NAMES, ...USERS, ...CONTAINER]),
  volume: new Set([...COMMON, ...words('Copy Device Driver GID Group Image Label Options Type UID User VolumeName')]),
  pod: new Set([
    ...COMMON,
    ...NAMES,
    ...USERS,
    ...words('ExitPolicy HostName Label PodName ShmSize StopTimeout Volume'),
  ]),
  kube: new Set([
    ...COMMON,
    ...USERS,
    ...words('AutoUpdate ConfigMap ExitCodePropagation KubeDownForce LogDriver LogOpt Network PublishPort'),
    ...words('SetWorkingDirectory Yaml'),
  ]),
  build: new Set([
    ...COMMON,
    ...REGISTRY,
    ...NAMES,
    ...words('Annotation BuildArg Environment File ForceRM GroupAdd IgnoreFile ImageTag Label Pull Secret'),
    ...words('SetWorkingDirectory Target Volume'),
  ]),
  image: new Set([...COMMON, ...REGISTRY, ...words('AllTags Image ImageTag OS Policy')]),
  network: new Set([
    ...COMMON,
    ...words('DNS DisableDNS Driver Gateway IPAMDriver IPRange IPv6 InterfaceName Internal Label NetworkDeleteOnStop'),
    ...words('NetworkName Options Subnet'),
  ]),
  artifact: new Set([...COMMON, ...REGISTRY, ...words('Artifact Quiet')]),
};
