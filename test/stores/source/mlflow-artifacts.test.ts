import { describe, expect, it } from 'vitest';
import { scan, table } from './scanning.ts';

const client = (uri: string, rest: string): string =>
  `import mlflow\nmlflow.set_tracking_uri(${uri})\nwith mlflow.start_run():\n    ${rest}\n`;
const LOGS = "mlflow.log_artifact('model.pt')";

describe('MLflow without a server: catches', () => {
  table('py', [
    [
      'a program that logs files',
      client("'sqlite:////data/mlflow.db'", LOGS),
      ['sqlite /data/mlflow.db', 'uploads /app/mlruns'],
    ],
    [
      'a client',
      "from mlflow import MlflowClient\nclient = MlflowClient(tracking_uri='postgresql://db/mlflow')\nclient.log_artifact(run, 'model.pt')\n",
      ['uploads /app/mlruns'],
    ],
    [
      'a user and a password of the environment',
      `import os\n${client('f\'postgresql://{os.environ["USER"]}@db/mlflow\'', 'mlflow.sklearn.log_model(model)')}`,
      ['uploads /app/mlruns'],
    ],
    [
      'in another file than the one that logs',
      {
        'tracking.py': "from mlflow.tracking import MlflowClient\nclient = MlflowClient('sqlite:////data/mlflow.db')\n",
        'train.py': 'import mlflow\nmlflow.autolog()\n',
      },
      ['uploads /app/mlruns'],
    ],
  ]);

  it('which tells no more than that they may be wanted', async () => {
    const { stores } = await scan({ 'a.py': client("'postgresql://db/mlflow'", LOGS) });
    expect(stores.map(({ told }) => told?.confidence)).toEqual(['memory']);
  });
});

describe('MLflow without a server: catches not', () => {
  table('py', [
    ['figures alone', client("'postgresql://db/mlflow'", "mlflow.log_metric('loss', 1)"), []],
    ['a server', client("'http://mlflow:5000'", LOGS), []],
    ['a folder', client("'file:///data/mlruns'", LOGS), []],
    ['a variable', `import os\n${client("os.environ['MLFLOW_TRACKING_URI']", LOGS)}`, []],
    [
      'a place that is told',
      `${client("'postgresql://db/mlflow'", LOGS)}mlflow.create_experiment('a', artifact_location='/data/artifacts')\n`,
      [],
    ],
    [
      'a server as well',
      `${client("'postgresql://db/mlflow'", LOGS)}mlflow.set_tracking_uri('http://mlflow:5000')\n`,
      [],
    ],
    [
      'an object of the application',
      "from tracking import MlflowClient\nMlflowClient('postgresql://db/x').log_artifact(f)\n",
      [],
    ],
    [
      'a client with nothing said',
      `from mlflow import MlflowClient\nMlflowClient().log_artifact(run, 'model.pt')\n`,
      [],
    ],
    ['a test', { 'tests/a.py': client("'postgresql://db/mlflow'", LOGS), 'a.py': 'import mlflow\n' }, []],
  ]);
});
