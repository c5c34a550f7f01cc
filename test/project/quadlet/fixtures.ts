/** Folders of units, by what they show. Each is compared with what Podman's generator makes of it. */
import type { Folder } from './random-units.ts';

const image = 'Image=docker.io/library/postgres:16\n';

export const FIXTURES: Readonly<Record<string, Folder>> = {
  'volumes in all forms': {
    'db.container': `[Container]\n${image}Volume=data.volume:/var/lib/postgresql/data:Z\nVolume=logs:/logs\nVolume=/anonymous\nVolume=/srv/conf:/etc/conf:ro\nVolume=./here:/here\nVolume=../up:/up\nVolume=%h/home:/home/x\nVolume=:/nothing:ro\n`,
    'data.volume': '[Volume]\n',
    'logs.volume': '[Volume]\nVolumeName=logbook\n',
  },
  'mounts in all forms': {
    'a.container': `[Container]\n${image}Mount=type=volume,source=data.volume,destination=/v\nMount=type=volume,src=plain,dst=/p,ro\nMount=type=bind,source=./b,target=/b,readonly=true,relabel=shared\nMount=type=tmpfs,destination=/t,tmpfs-size=64m,tmpfs-mode=1777\nMount=type=image,source=base.image,destination=/i\nMount=type=bind,source=/a,"target=/with,comma"\nTmpfs=/run/x:size=1m,ro\n`,
    'data.volume': '[Volume]\nVolumeName=named\n',
    'base.image': '[Image]\nImage=quay.io/x/base:1\n',
  },
  'lines that go on': {
    'a.container': `[Container]\n${image}Volume=one:\\\n   /one\nEnvironment=A=1 \\\n# a comment\n\n  ; another\n  B=2\nExec=sh -c \\\n  "a; \\\n  b"\n`,
  },
  'words and quotes': {
    'a.container': `[Container]\n${image}Environment=A=b "C=d e" 'F=g "h"' I="j k" L=\\x41\\u00e9\\n M\nExec=run "two words" 'it''s' a\\sb \\101 "" gone\nLabel=a=b "c=d e"\nEntrypoint=["/bin/sh", "-c"]\n`,
  },
  'an empty value takes back': {
    'a.container': `[Container]\n${image}Volume=one:/one\nVolume=\nVolume=two:/two\nEnvironment=A=1\nEnvironment=\nEnvironment=B=2\nUser=5\nUser=\n`,
  },
  'drop-ins': {
    'my-app.container': `[Container]\n${image}Volume=one:/one\n`,
    'my-app.container.d/20-late.conf': '[Container]\nVolume=late:/late\n',
    'my-app.container.d/10-early.conf': '[Container]\nVolume=early:/early\nEnvironment=A=own\n',
    'my-.container.d/10-early.conf': '[Container]\nVolume=never:/never\n',
    'container.d/30-all.conf': '[Container]\nStopTimeout=70\n[Service]\nRestart=always\n',
    'my-app.container.d/readme.txt': 'no drop-in',
  },
  templates: {
    'worker@.container': `[Container]\n${image}Volume=%p-%i:/data\nVolume=x-%N:/n\nContainerName=%p-%i\nEnvironment=NAME=%n P=%p\n`,
    'worker@one.container': `[Container]\n${image}Volume=%p-%i:/data\nEnvironment=NAME=%n I=%i\n`,
  },
  'variables of the service': {
    'a.container': `[Container]\nImage=docker.io/x/y:\${TAG}\nVolume=\${DATA}:/data\nVolume=\${NOTHING}/x:/x\nEnvironment=A=$$B C=\${DATA} "D=$DATA"\nExec=run $ARGS \${DATA} 100%%\n[Service]\nEnvironment=DATA=/srv/data "ARGS=x y" TAG=3\n`,
  },
  'images of other units': {
    'built.container': '[Container]\nImage=own.build\nVolume=x:/x\n',
    'pulled.container': '[Container]\nImage=base.image\n',
    'renamed.container': '[Container]\nImage=archive.image\n',
    'own.build': '[Build]\nImageTag=localhost/own:1\nSetWorkingDirectory=unit\n',
    'base.image': '[Image]\nImage=docker.io/library/redis:7\n',
    'archive.image': '[Image]\nImage=docker-archive:/x.tar\nImageTag=localhost/x:1\n',
  },
  'a pod': {
    'web.container': `[Container]\n${image}Pod=app.pod\nVolume=own:/shared\n`,
    'db.container': `[Container]\n${image}Pod=app.pod\nVolume=mine:/mine\n`,
    'app.pod': '[Pod]\nVolume=shared.volume:/shared\nVolume=./conf:/conf:ro\nPodmanArgs=-v extra:/extra\n',
    'shared.volume': '[Volume]\n',
  },
  'arguments of Podman': {
    'a.container': `[Container]\n${image}PodmanArgs=-v one:/one --volume=/two:/two:ro --mount type=tmpfs,dst=/three\nPodmanArgs=--tmpfs /four:size=1m --read-only -e A=1 --env=B=2 --hostname=h -u 5:6 --memory 1g -v=seven:/seven\n`,
  },
  'settings that are one word': {
    'a.container': `[Container]\n${image}User=1000\nGroup=2000\nHostName=h\nWorkingDir=/w\nStopTimeout=90\nStopSignal=SIGINT\nContainerName="c"\nPull=newer\nReadOnly=yes\nAutoUpdate=registry\nRunInit=true\nSecret=pw,type=env,target=PGPASSWORD\nSecret=cert\n`,
  },
  'a read-only container': {
    'a.container': `[Container]\n${image}ReadOnly=true\nTmpfs=/tmp\n`,
    'b.container': `[Container]\n${image}ReadOnly=true\nReadOnlyTmpfs=false\n`,
    'c.container': `[Container]\n${image}VolatileTmp=true\n`,
  },
  'what is refused': {
    'key.container': `[Container]\n${image}NoSuch=1\n`,
    'image.container': '[Container]\nVolume=a:/a\n',
    'both.container': `[Container]\n${image}Rootfs=/x\n`,
    'line.container': `[Container]\n${image}what is this\n`,
    'start.container': `Image=x\n`,
    'volume.container': `[Container]\n${image}Volume=gone.volume:/x\n`,
    'unit.container': '[Container]\nImage=gone.image\n',
    'group.container': `[Container]\n${image}Group=5\n`,
    'pod.container': `[Container]\n${image}Pod=gone.pod\n`,
    'mount.container': `[Container]\n${image}Mount=source=/a,target=/b\n`,
  },
  'a folder of the host': { 'a.container': '[Container]\nRootfs=/srv/root\nExec=/bin/init\nVolume=x:/x\n' },
  'line ends of Windows, and none at the end': {
    'a.container': `[Container]\r\nImage=docker.io/x\r\nVolume=a:\\\r\n  /a\r\nExec=x \\`,
  },
};
