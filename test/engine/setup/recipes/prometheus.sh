#!/usr/bin/env bash
. "$(dirname "$0")/../roots.sh"
without adduser fonts-glyphicons-halflings libjs-{bootstrap4,eonasdan-bootstrap-datetimepicker,jquery,jquery-hotkeys} \
  libjs-{moment,moment-timezone,mustache,popper.js,rickshaw}
packages bookworm prometheus
keep usr/bin/prometheus usr/bin/promtool
mkdir -p "$MIN/prometheus" "$MIN/etc/prometheus"
chown 65534:65534 "$MIN/prometheus"
printf '%s\n' 'global: { scrape_interval: 1s }' 'scrape_configs:' \
  '  - { job_name: prometheus, static_configs: [{ targets: ["localhost:9090"] }] }' > "$MIN/etc/prometheus/prometheus.yml"
image prom/prometheus:v2.42.0 'VOLUME /prometheus' 'WORKDIR /prometheus' 'USER nobody' 'EXPOSE 9090' \
  'ENTRYPOINT ["/bin/prometheus"]' \
  'CMD ["--config.file=/etc/prometheus/prometheus.yml","--storage.tsdb.path=/prometheus"]'
