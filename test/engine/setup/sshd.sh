#!/usr/bin/env bash
# sshd.sh FOLDER PORT SOCKET: an ssh server of its own on 127.0.0.1:PORT, whose one user is whoever runs this and whose
# sessions find the docker command and the engine at SOCKET. Keys and a client configuration are made in FOLDER. The
# program is unpacked beside the engines, not installed: nothing of the machine is changed but for the user that sshd
# gives its rights away to. Becomes the server: whoever started it stops it by its process id.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
folder=$1 port=$2 socket=$3
program=$HOME_OF_ENGINES/sshd/root/usr/sbin/sshd

# With the libraries that a small machine lacks.
fetch() { apt-get -qq download openssh-server libwrap0 libnsl2; }

exec 9> "$HOME_OF_ENGINES/install.lock"
flock 9
if [[ ! -x $program ]]; then
  mkdir -p "$HOME_OF_ENGINES/sshd/deb"
  (cd "$HOME_OF_ENGINES/sshd/deb" && { fetch || { apt-get -qq update && fetch; }; }) > /dev/null 2>&1 ||
    give_up 'openssh-server cannot be had'
  for deb in "$HOME_OF_ENGINES"/sshd/deb/*.deb; do dpkg -x "$deb" "$HOME_OF_ENGINES/sshd/root"; done
fi
getent passwd sshd > /dev/null || useradd --system --no-create-home --home-dir /run/sshd --shell /usr/sbin/nologin sshd
mkdir -p /run/sshd
exec 9>&-

mkdir -p "$folder"
for key in host user; do ssh-keygen -q -t ed25519 -N '' -C '' -f "$folder/$key"; done
cp "$folder/user.pub" "$folder/authorized"
printf '[127.0.0.1]:%s %s\n' "$port" "$(cat "$folder/host.pub")" > "$folder/known"
cat > "$folder/sshd.conf" << END
ListenAddress 127.0.0.1:$port
HostKey $folder/host
AuthorizedKeysFile $folder/authorized
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
PermitRootLogin prohibit-password
SetEnv "PATH=$(dirname "$DOCKER"):/usr/bin:/bin" "DOCKER_HOST=unix://$socket" "DOCKER_CONFIG=$CLIENT"
END
cat > "$folder/client.conf" << END
IdentityFile $folder/user
IdentitiesOnly yes
IdentityAgent none
UserKnownHostsFile $folder/known
StrictHostKeyChecking yes
END
export LD_LIBRARY_PATH=$(dirname "$(find "$HOME_OF_ENGINES/sshd/root" -name "libwrap.so.0")")
exec "$program" -D -e -f "$folder/sshd.conf"
