import { volumeFix } from '../fixes.ts';
import { dataOf, fateSentence, finding, losses } from '../losses.ts';
import type { Rule } from '../rule.ts';

const rule: Rule = {
  name: 'asymmetric-persistence',
  severity: 'error',
  summary: 'Of stores that belong together one is kept and another is not.',
  rationale:
    'Kafka and its ZooKeeper, Milvus with etcd and its object store: each holds a part of the same data. When one starts anew, the other refuses to start or finds nothing. Where none of them is kept, `missing-volume` reports each.',
  bad: 'services:\n  zookeeper:\n    image: zookeeper:3.9\n  kafka:\n    image: confluentinc/cp-kafka:7.6.0\n    environment:\n      KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181\n    volumes:\n      - kafka_data:/var/lib/kafka/data\n\nvolumes:\n  kafka_data:\n',
  good: 'services:\n  zookeeper:\n    image: zookeeper:3.9\n    volumes:\n      - zookeeper_data:/data\n      - zookeeper_log:/datalog\n  kafka:\n    image: confluentinc/cp-kafka:7.6.0\n    environment:\n      KAFKA_ZOOKEEPER_CONNECT: zookeeper:2181\n    volumes:\n      - kafka_data:/var/lib/kafka/data\n\nvolumes:\n  kafka_data:\n  zookeeper_data:\n  zookeeper_log:\n',
  fixSafety: 'migration',
  fixNote:
    'A new volume starts empty: what the service holds now has to be copied into it, or the other one does not start.',
  since: '0.2.0',
  *check(context) {
    for (const loss of losses(context, 'asymmetric')) {
      const { analysed, one, directory, diagnosis } = loss;
      const { stack, kept } = diagnosis;
      const bare = one.backing.type === 'anonymous-volume' ? 'warning' : 'error';
      yield finding(context, loss, stack.breaks ? 'error' : bare, {
        message: `no volume for ${directory}: ${dataOf(one)} ${fateSentence(context, one)}, while the data of ${kept.service.name} is kept; ${stack.why}`,
        span: analysed.service.key,
        fixes: () => volumeFix(context, analysed, one, directory),
      });
    }
  },
};

export default rule;
