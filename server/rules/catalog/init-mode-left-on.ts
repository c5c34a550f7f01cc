import { keptByServer } from '../kept.ts';
import { relatedOf } from '../losses.ts';
import type { Rule } from '../rule.ts';

const rule: Rule = {
  name: 'init-mode-left-on',
  severity: 'info',
  summary: 'A set-up for the first start is still switched on.',
  rationale:
    'With `DOCKER_INFLUXDB_INIT_MODE` the entrypoint of InfluxDB sets a new database up wherever it finds none, and it deletes what it has begun when that fails. That is wanted once. Left on, a wrong mount does not show: an empty InfluxDB with the right user and bucket comes up in the place of the old one.',
  bad: 'services:\n  influx:\n    image: influxdb:2.7\n    environment:\n      DOCKER_INFLUXDB_INIT_MODE: upgrade\n    volumes:\n      - influx_data:/var/lib/influxdb2\n\nvolumes:\n  influx_data:\n',
  good: 'services:\n  influx:\n    image: influxdb:2.7\n    volumes:\n      - influx_data:/var/lib/influxdb2\n\nvolumes:\n  influx_data:\n',
  fixSafety: 'none',
  since: '0.2.0',
  references: ['https://github.com/influxdata/influxdata-docker/blob/master/influxdb/2.7/entrypoint.sh'],
  *check({ analysed: { services } }) {
    for (const analysed of services) {
      const { match } = analysed.image;
      const mode = analysed.service.environment.get('DOCKER_INFLUXDB_INIT_MODE');
      if (match?.family.id !== 'influxdb' || match.lookalike || !mode || !/^(setup|upgrade)$/.test(mode.value ?? ''))
        continue;
      const kept = keptByServer(analysed)[0];
      if (!kept) continue;
      yield {
        // Everybody who followed the instructions has `setup` in the file; it does nothing while there is a database.
        severity: mode.value === 'upgrade' ? 'info' : 'hint',
        message: `DOCKER_INFLUXDB_INIT_MODE=${mode.value} is for the first start: when ${kept.store.path} is ever empty by mistake, a new InfluxDB is set up in the place of the old one without a word`,
        span: mode.span,
        service: analysed.service.name,
        store: kept.store,
        related: relatedOf(kept),
        fixes: () => [],
      };
    }
  },
};

export default rule;
