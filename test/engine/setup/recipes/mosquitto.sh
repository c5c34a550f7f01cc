#!/usr/bin/env bash
. "$(dirname "$0")/../roots.sh"
without adduser
packages bookworm mosquitto mosquitto-clients
keep usr/sbin/mosquitto usr/bin/mosquitto_{pub,sub,rr,passwd}
program docker-entrypoint.sh
user mosquitto 1883 /mosquitto
mkdir -p "$MIN"/mosquitto/{config,data,log}
# Without settings it speaks to its own container alone and keeps nothing, as the image does.
echo '# See man mosquitto.conf.' > "$MIN/mosquitto/config/mosquitto.conf"
chown -R 1883:1883 "$MIN/mosquitto"
image eclipse-mosquitto:2 'VOLUME /mosquitto/data' 'VOLUME /mosquitto/log' 'EXPOSE 1883' \
  'ENTRYPOINT ["/docker-entrypoint.sh"]' 'CMD ["/usr/sbin/mosquitto","-c","/mosquitto/config/mosquitto.conf"]'
