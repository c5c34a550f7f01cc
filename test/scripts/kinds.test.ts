/** Every kind of script: its parts, and its commands with the four numbers of their places. */
import { expect, test } from 'vitest';
import { scriptKind } from '../../server/scripts/names.ts';
import { lines, listed, read } from './listing.ts';

test('a Makefile: variables, prefixes, dollars, continued lines, prerequisites', async () => {
  const text = lines(
    'COMPOSE := docker compose -f compose.yaml',
    'NAME ?= db',
    '',
    '.PHONY: stop',
    '## Stop everything',
    'stop: confirm ## stops it',
    '\t@$(COMPOSE) down -v --remove-orphans',
    '\t-docker volume rm $${NAME}_data $(NAME)_x $(shell pwd) # gone',
    'backup:',
    '\tcd deploy && docker compose \\',
    '\t\tstop $@',
    '\tcp data/app.db backup/',
    'confirm:',
    '\t@read -p "Sure? [y/N] " ans && [ $$ans = y ]',
    'x: ; docker ps',
  );
  expect(await listed('/w/Makefile', text)).toEqual([
    '[stop] asks; after confirm; "Stop everything stops it"',
    '6:2-6:37 docker compose -f compose.yaml down -v --remove-orphans',
    '7:2-7:55 docker volume rm ~?_data db_x ~? (# gone)',
    '[backup]',
    '9:1-9:10 cd deploy',
    '9:14-10:9 docker compose stop ~? (at deploy)',
    '11:1-11:23 cp data/app.db backup/',
    '[confirm]',
    '13:2-13:28 read -p Sure? [y/N]  ans',
    '13:32-13:45 [ ~? = y ] (and read -p "Sure? [y/N] " ans; confirmed)',
    '[x]',
    '14:5-14:14 docker ps',
  ]);
});

test('a justfile: attributes, interpolation, recipes with a shebang', async () => {
  const text = lines(
    'compose := "docker compose"',
    '# Everything goes',
    '[confirm("Really?")]',
    'reset: stop',
    '    @{{compose}} down -v {{ flags }}',
    'stop env="prod":',
    '    #!/usr/bin/env bash',
    '    set -e',
    '    cd {{justfile_directory()}}/x',
    '    docker compose -p {{env}} stop',
  );
  expect(await listed('/w/justfile', text)).toEqual([
    '[reset] asks; after stop; "Everything goes"',
    '4:5-4:36 docker compose down -v ~? (confirmed)',
    '[stop]',
    '7:4-7:10 set -e',
    '8:4-8:33 cd ./x',
    '9:4-9:34 docker compose -p ~? stop (at ./x)',
  ]);
});

test('a Taskfile: templates, prompts, folders, block scalars', async () => {
  const text = lines(
    "version: '3'",
    'vars:',
    '  DC: docker compose',
    'tasks:',
    '  clean:',
    '    desc: Remove all',
    '    prompt: Sure?',
    '    cmds:',
    '      - "{{.DC}} down -v {{.CLI_ARGS}}"',
    '      - cmd: docker volume prune -f',
    '      - task: stop',
    '  stop:',
    '    dir: deploy',
    '    env: { P: x }',
    '    cmds:',
    '      - |',
    '        docker compose -p $P stop',
    '        echo "done"',
  );
  expect(await listed('/w/Taskfile.yml', text)).toEqual([
    '[clean] asks; after stop; "Remove all"',
    '8:9-8:38 docker compose down -v ~? (confirmed)',
    '9:13-9:35 docker volume prune -f (confirmed)',
    '[stop]',
    '16:8-16:33 docker compose -p x stop (at deploy)',
    '17:8-17:19 echo done (at deploy)',
  ]);
});

test('package.json: quotes inside strings, tabs', async () => {
  const text = lines(
    '{',
    '\t"name": "docker compose down -v",',
    '\t"scripts": {',
    '\t\t"db:down": "docker compose down -v && echo \\"never \'x\'\\"",',
    '\t\t"dev": "FOO=1 docker compose up -V"',
    '\t}',
    '}',
  );
  expect(await listed('/w/package.json', text)).toEqual([
    '[db:down] after predb:down',
    '3:14-3:36 docker compose down -v',
    "3:40-3:58 echo never 'x' (and docker compose down -v)",
    '[dev] after predev',
    '4:10-4:36 docker compose up -V (FOO=1)',
  ]);
});

test('tasks of the editor: comments, trailing commas, arguments apart', async () => {
  const text = lines(
    '{',
    '  // ours',
    '  "tasks": [',
    '    { "label": "stop", "command": "docker compose down -v", "options": { "cwd": "${workspaceFolder}/deploy" } },',
    '    { "label": "two", "command": "docker", "args": ["compose", "down", "--volumes", "a b", "${input:x}"], },',
    '  ],',
    '}',
  );
  expect(await listed('/w/.vscode/tasks.json', text)).toEqual([
    '[stop]',
    '3:35-3:57 docker compose down -v (at deploy)',
    '[two]',
    '4:34-4:102 docker compose down --volumes a b ~?',
  ]);
});

test('settings of the editor: templates and switches', async () => {
  const text = lines(
    '{',
    '  /* ours */',
    '  "editor.tabSize": 2,',
    '  "containers.commands.composeDown": [',
    '    { "label": "Down", "template": "${composeCommand} ${configurationFile} down -v", "match": "" },',
    '  ],',
    '  "docker.commands.composeUp": "docker compose up -d",',
    '  "dockerCompose.down.removeVolumes": true,',
    '}',
  );
  expect(await listed('/w/.vscode/settings.json', text)).toEqual([
    '[Down]',
    '4:36-4:82 docker compose down -v',
    '[composeUp]',
    '6:32-6:52 docker compose up -d',
  ]);
  const script = await read('/w/.vscode/settings.json', text);
  expect(script?.settings.map(({ key, value }) => [key, value])).toEqual([
    ['docker.commands.composeUp', 'docker compose up -d'],
    ['dockerCompose.down.removeVolumes', true],
  ]);
});

test('a GitHub workflow: runners, folded text, what runs elsewhere', async () => {
  const text = lines(
    'on: push',
    'jobs:',
    '  deploy:',
    '    runs-on: ubuntu-latest',
    '    steps:',
    '      - uses: actions/checkout@v4',
    '      - name: Stop',
    '        run: docker compose -p ${{ env.X }} down -v',
    '      - name: Go',
    '        run: |',
    '          echo hi',
    "          ssh me@host 'cd /srv && docker compose down -v'",
    '      - uses: appleboy/ssh-action@v1',
    '        with:',
    '          script: |',
    '            docker compose pull',
    '            docker system prune -af --volumes',
    '  own:',
    '    runs-on: [self-hosted, linux]',
    '    steps:',
    '      - run: >-',
    '          docker compose',
    '          down -v',
    '        working-directory: ./deploy',
  );
  expect(await listed('/w/.github/workflows/deploy.yml', text)).toEqual([
    '[deploy / Stop] ephemeral',
    '7:13-7:51 docker compose -p ~? down -v',
    '[deploy / Go] ephemeral',
    '10:10-10:17 echo hi',
    '11:10-11:57 ssh me@host cd /srv && docker compose down -v',
    '11:23-11:30 cd /srv (in host me@host; at ?)',
    '11:34-11:56 docker compose down -v (in host me@host; at /srv)',
    '[deploy]',
    '15:12-15:31 docker compose pull (in host ?; at ?)',
    '16:12-16:45 docker system prune -af --volumes (in host ?; at ?)',
    '[own]',
    '21:10-22:17 docker compose down -v (at deploy)',
  ]);
});

test('a GitLab pipeline: the lines of a job share a shell', async () => {
  const text = lines(
    'variables:',
    '  P: shop',
    'before_script:',
    '  - cd app',
    'test:',
    '  script: [docker compose down -v]',
    'deploy:',
    '  stage: deploy',
    '  script:',
    '    - docker compose -p $P down -v',
    '    - |',
    '      docker compose up -d',
    '  after_script:',
    '    - docker image prune -f',
  );
  expect(await listed('/w/.gitlab-ci.yml', text)).toEqual([
    '[test] ephemeral',
    '3:4-3:10 cd app',
    '5:11-5:33 docker compose down -v (at app)',
    '[deploy]',
    '3:4-3:10 cd app',
    '9:6-9:34 docker compose -p shop down -v (at app)',
    '11:6-11:26 docker compose up -d (at app)',
    '13:6-13:27 docker image prune -f',
  ]);
});

test('documentation: fenced shell, prompts and output, lists and quotes', async () => {
  const text = lines(
    '# Shop',
    '## Stop',
    'To stop it:',
    '',
    '```sh',
    '$ docker compose down -v   # all gone',
    'Container removed',
    '$ docker \\',
    '  ps',
    '```',
    'Never do this in production.',
    '',
    '- item',
    '  ```bash',
    '  docker compose up',
    '  ```',
    '',
    '> ~~~console',
    '> docker compose pull',
    '> ~~~',
    '',
    '```yaml',
    'a: docker compose down -v',
    '```',
  );
  expect(await listed('/w/README.md', text)).toEqual([
    '[Stop] "To stop it: Never do this in production."',
    '5:2-5:24 docker compose down -v (# all gone)',
    '7:2-8:4 docker ps',
    '[Stop] "Never do this in production. - item"',
    '14:2-14:19 docker compose up',
    '[Stop]',
    '18:2-18:21 docker compose pull',
  ]);
});

test('what is a script by its name', () => {
  const names = {
    'stop.sh': 'shell',
    GNUmakefile: 'makefile',
    'build/rules.mk': 'makefile',
    '.justfile': 'justfile',
    'Taskfile.dist.yaml': 'taskfile',
    'a/package.json': 'package-json',
    '.vscode/tasks.json': 'vscode-tasks',
    'tasks.json': null,
    '.github/workflows/x.yaml': 'github',
    '.github/dependabot.yml': null,
    'compose.yaml': null,
    'package-lock.json': null,
    'notes.txt': null,
  };
  for (const [name, kind] of Object.entries(names)) expect([name, scriptKind(`/w/${name}`)]).toEqual([name, kind]);
});

test('a script without a suffix is known by its first line', async () => {
  expect((await read('/w/bin/stop', '#!/usr/bin/env bash\ndocker compose stop\n'))?.kind).toBe('shell');
  expect(await read('/w/bin/stop.py', '#!/usr/bin/env bash\n')).toBeNull();
  expect(await read('/w/bin/run', '#!/usr/bin/env python3\n')).toBeNull();
});

test('a Jenkinsfile: stages, folders, texts of Groovy and of the shell', async () => {
  const text = lines(
    "def project = 'shop'",
    'pipeline {',
    '  agent any',
    '  stages {',
    "    stage('Deploy') {",
    '      steps {',
    "        dir('deploy') {",
    '          sh "docker compose -p ${project} down -v ${FLAGS}"',
    "          sh '''",
    '            docker volume rm $NAME',
    "          '''",
    '        }',
    "        echo 'sh docker ps'",
    '        // sh "docker system prune"',
    "        sh(script: 'docker compose up -d', returnStdout: true)",
    '      }',
    '    }',
    '  }',
    '  post { always { sh "docker compose down" } }',
    '}',
  );
  expect(await listed('/w/Jenkinsfile', text)).toEqual([
    '[Deploy]',
    '7:14-7:59 docker compose -p shop down -v ~? (at deploy)',
    '[Deploy]',
    '9:12-9:34 docker volume rm ~? (at deploy)',
    '[Deploy]',
    '14:20-14:40 docker compose up -d',
    '[post]',
    '18:22-18:41 docker compose down',
  ]);
});

test('a Jenkinsfile that tests: what it takes down at the end it has put up', async () => {
  const text = lines(
    "stage('Integration test') { sh 'docker compose up -d' }",
    "stage('Publish') { sh 'docker push shop' }",
    "post { cleanup { sh 'docker compose down -v' } }",
  );
  const script = await read('/w/ci.jenkinsfile', text);
  expect(script?.parts.map(({ name, ephemeral }) => [name, ephemeral])).toEqual([
    ['Integration test', true],
    ['Publish', false],
    ['post', true],
  ]);
});

test('a crontab: schedules, variables, percent signs, and no user', async () => {
  const text = lines(
    'SHELL=/bin/bash',
    'DB="/srv/data/app.db"',
    '# Every night',
    '30 3 * * * cp $DB /backup/app-$(date +\\%F).db',
    '@weekly docker compose -f /srv/shop/compose.yaml down -v %yes',
    '*/5 8-18 * jan-mar mon,wed root docker ps',
    '0 4 * * 0 rsync -a data/ backup/',
    'not a schedule: docker ps',
    '99 3 docker ps',
  );
  expect(await listed('/w/deploy/crontab', text)).toEqual([
    '[] "Every night"',
    '3:32-3:41 date +%F (substituted)',
    '3:11-3:45 cp /srv/data/app.db ~/backup/app-?.db',
    '[]',
    '4:8-4:56 docker compose -f /srv/shop/compose.yaml down -v',
    '[]',
    '5:32-5:41 docker ps',
    '[]',
    '6:10-6:32 rsync -a data/ backup/',
  ]);
});

test('crontabs of the machine name a user', async () => {
  expect(await listed('/w/cron.d/shop', '0 3 * * * deploy docker compose down\n')).toEqual([
    '[]',
    '0:17-0:36 docker compose down',
  ]);
});

test('what is called like a crontab or a pipeline, and what is not', () => {
  const kinds = (...names: string[]) => names.map((name) => scriptKind(`/w/${name}`));
  expect(kinds('Jenkinsfile', 'Jenkinsfile.deploy', 'ci/release.jenkinsfile')).toEqual(Array(3).fill('jenkinsfile'));
  expect(kinds('crontab', 'backup.cron', 'etc/cron.d/shop', 'my-crontab', 'crontab-prod')).toEqual(
    Array(5).fill('crontab'),
  );
  expect(kinds('crontab.md', 'Jenkinsfile.md')).toEqual(['markdown', 'markdown']);
  expect(kinds('cron.d/shop.conf', 'crontab.py', 'Jenkinsfile_test.go', 'src/cron.ts', 'cron')).toEqual(
    Array(5).fill(null),
  );
});
