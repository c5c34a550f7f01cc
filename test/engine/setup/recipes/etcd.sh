#!/usr/bin/env bash
. "$(dirname "$0")/../roots.sh"
without adduser
packages bookworm etcd-server etcd-client
keep usr/bin/etcd usr/bin/etcdctl
mkdir -p "$MIN/usr/local/bin" "$MIN/var/lib/etcd" "$MIN/var/etcd"
mv "$MIN"/usr/bin/etcd* "$MIN/usr/local/bin/"
image quay.io/coreos/etcd:v3.4.23 'WORKDIR /var/lib/etcd' 'EXPOSE 2379 2380' 'CMD ["/usr/local/bin/etcd"]'
