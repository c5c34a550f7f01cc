import { describe, expect, test } from 'vitest';
import { invocationsOf } from '../../server/lint/sets/invocations.ts';
import { readerFor, workflow } from '../../server/lint/sets/script-texts.ts';
import { SCRIPT_FOLDER } from '../../server/lint/sets/shell-marks.ts';

/** Files of each call, with the folder it is made in when the script has entered one. */
const brief = (text: string): string[] =>
  invocationsOf(text).map(({ files, folder }) => {
    const where = folder === '' ? '' : `${folder ?? '?'}: `;
    return (where + files.join(' ')).replaceAll(SCRIPT_FOLDER, '<script>');
  });

describe('calls of Compose in shell text', () => {
  test.each<[string, string[]]>([
    // Forms of the command and of its options
    ['docker compose -f a.yml -f b.yml up -d', ['a.yml b.yml']],
    ['docker-compose -f a.yml -f b.yml up', ['a.yml b.yml']],
    ['podman compose -f a.yml up', ['a.yml']],
    ['podman-compose -f a.yml -f b.yml up', ['a.yml b.yml']],
    ['/usr/local/bin/docker-compose -f a.yml up', ['a.yml']],
    ['docker --context remote compose -f a.yml up', ['a.yml']],
    ['docker compose --file a.yml --file=b.yml up', ['a.yml b.yml']],
    ['docker compose -fa.yml -f=b.yml up', ['a.yml b.yml']],
    ['docker compose --profile x -f a.yml --ansi never up', ['a.yml']],
    ['docker compose --verbose --dry-run -f a.yml config', ['a.yml']],
    ['docker compose -f "a.yml" -f \'b.yml\' up', ['a.yml b.yml']],
    ['docker compose -f a\\ b.yml up', ['a b.yml']],
    ['docker compose up', []],
    ['docker compose logs -f web', []],
    ['docker compose -f a.yml logs -f web', ['a.yml']],
    ['docker build -f Dockerfile .', []],
    ['docker stack deploy -c a.yml -c b.yml shop', ['a.yml b.yml']],
    ['docker stack deploy --compose-file=a.yml,b.yml --prune shop', ['a.yml b.yml']],
    ['docker --context prod stack up --with-registry-auth --resolve-image always -c a.yml shop', ['a.yml']],
    ['docker stack deploy shop --compose-file a.yml', ['a.yml']],
    ['docker compose config | docker stack deploy -c - shop', []],
    ['docker stack deploy -c <(docker compose -f a.yml config) shop', ['a.yml']],
    ['docker stack deploy -c docker-stack.$STAGE.yml shop', []],
    ['docker stack services -c a.yml shop', []],
    ['docker stack rm shop', []],
    ['docker run -c a.yml stack deploy', []],
    ['docker compose -f - up < a.yml', []],
    ['docker compose -f https://example.com/a.yml up', []],
    ['docker compose -f /srv/a.yml up', []],
    // Where in the text
    ['docker compose \\\n  -f a.yml \\\n  -f b.yml \\\n  up', ['a.yml b.yml']],
    ['docker compose -f a.yml \\\r\n -f b.yml up', ['a.yml b.yml']],
    ['# docker compose -f a.yml up', []],
    ['true # docker compose -f a.yml up', []],
    ['docker compose -f a.yml up # -f b.yml', ['a.yml']],
    ['docker compose -f a#b.yml up', ['a#b.yml']],
    ['echo docker compose -f a.yml up', []],
    ['echo "run docker compose -f a.yml up"', []],
    ["printf 'docker compose -f a.yml up\\n'", []],
    ['usage: docker compose -f a.yml up', []],
    ['cat <<EOF\ndocker compose -f a.yml up\nEOF\ndocker compose -f b.yml up', ['b.yml']],
    ["cat <<-'END' > x\n\tdocker compose -f a.yml up\n\tEND\ndocker compose -f b.yml up", ['b.yml']],
    ['cat <<A; docker compose -f b.yml up\ndocker compose -f a.yml up\nA', ['b.yml']],
    ['wc <<< "x"\ndocker compose -f a.yml up', ['a.yml']],
    ['make && docker compose -f a.yml up || docker compose -f b.yml up', ['a.yml', 'b.yml']],
    ['docker compose -f a.yml up & docker compose -f b.yml logs | tee x', ['a.yml', 'b.yml']],
    ['if true; then docker compose -f a.yml up; else docker compose -f b.yml up; fi', ['a.yml', 'b.yml']],
    ['case $1 in\n up) docker compose -f a.yml up ;;\nesac', ['a.yml']],
    ['dc() { docker compose -f a.yml -f b.yml "$@"; }\ndc up', ['a.yml b.yml']],
    ["alias dc='docker compose -f a.yml -f b.yml'", ['a.yml b.yml']],
    ['sudo -E -u deploy docker compose -f a.yml up', ['a.yml']],
    ['timeout 60 docker compose -f a.yml up', ['a.yml']],
    ['env A=1 docker compose -f a.yml up', ['a.yml']],
    ['A=1 B="2 3" docker compose -f a.yml up', ['a.yml']],
    ['doppler run -- docker compose -f a.yml up', ['a.yml']],
    ['bash -c "docker compose -f a.yml up"', ['a.yml']],
    ['docker exec $(docker compose -f a.yml ps -q db) psql', ['a.yml']],
    ['docker exec `docker compose -f a.yml ps -q db` psql', ['a.yml']],
    ['docker compose -f a.yml config > out.yml 2>&1', ['a.yml']],
    ['docker compose -f a.yml up >/dev/null && docker compose -f b.yml up', ['a.yml', 'b.yml']],
    ['while ! docker compose -f a.yml ps; do sleep 1; done', ['a.yml']],
    ["echo 'it is open\ndocker compose -f a.yml up", []],
    // Variables
    ['F=a.yml\ndocker compose -f $F -f "${F}" up', ['a.yml a.yml']],
    ['docker compose -f $F up', []],
    ['docker compose -f a.yml -f "$F" up', []],
    ['docker compose -f docker-compose.$ENV.yml up', []],
    ['docker compose -f ${F:-a.yml} up', ['a.yml']],
    ['F=b.yml; docker compose -f ${F:-a.yml} up', ['b.yml']],
    ['FILES="-f a.yml -f b.yml"\ndocker compose $FILES up', ['a.yml b.yml']],
    ['FILES="-f a.yml"\nFILES="$FILES -f b.yml"\ndocker compose $FILES up', ['a.yml b.yml']],
    ['FILES=(-f a.yml)\nFILES+=(-f b.yml)\ndocker compose "${FILES[@]}" up', ['a.yml b.yml']],
    ['DC="docker compose -f a.yml -f b.yml"\n$DC up', ['a.yml b.yml']],
    ['docker compose $FILES up', []],
    ['docker compose -f a.yml $MORE up', []],
    ['docker compose -f a.yml "$@"', ['a.yml']],
    ['docker compose -f "$1" up', []],
    ['docker compose -f $(ls *.yml) up', []],
    ['COMPOSE_FILE=a.yml:b.yml docker compose up', ['a.yml b.yml']],
    ['export COMPOSE_FILE=a.yml:b.yml\ndocker compose up', ['a.yml b.yml']],
    ['COMPOSE_FILE=a.yml docker compose up; docker compose up', ['a.yml']],
    ['COMPOSE_PATH_SEPARATOR=, COMPOSE_FILE=a.yml,b.yml docker compose up', ['a.yml b.yml']],
    ['COMPOSE_FILE=a.yml docker compose -f b.yml up', ['b.yml']],
    // Folders
    ['cd deploy\ndocker compose -f a.yml up', ['deploy: a.yml']],
    ['cd deploy && cd prod && docker compose -f a.yml up', ['deploy/prod: a.yml']],
    ['(cd deploy && docker compose -f a.yml up)\ndocker compose -f b.yml up', ['deploy: a.yml', 'b.yml']],
    ['pushd deploy; docker compose -f a.yml up; popd; docker compose -f b.yml up', ['deploy: a.yml', 'b.yml']],
    ['cd "$(dirname "$0")/.."\ndocker compose -f a.yml up', ['<script>/..: a.yml']],
    [
      'DIR="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"\ndocker compose -f "$DIR/a.yml" -f $DIR/b.yml up',
      ['<script>/../a.yml <script>/../b.yml'],
    ],
    ['docker compose -f $(pwd)/a.yml -f $PWD/b.yml up', ['./a.yml ./b.yml']],
    ['cd "$WHERE"\ndocker compose -f a.yml up', ['?: a.yml']],
    ['cd /srv/shop && docker compose -f a.yml up', ['?: a.yml']],
  ])('%j', (text, expected) => {
    expect(brief(text)).toEqual(expected);
  });

  test('everything else that the call says', () => {
    const call =
      'docker compose -p shop --profile a --profile=b --env-file .env.prod --project-directory x -f a.yml up';
    expect(invocationsOf(call)).toEqual([
      {
        files: ['a.yml'],
        folder: '',
        projectName: 'shop',
        profiles: ['a', 'b'],
        envFiles: ['.env.prod'],
        directory: 'x',
      },
    ]);
  });

  test('a stack has a name', () => {
    const names = (text: string) => invocationsOf(text).map(({ projectName }) => projectName);
    expect(names('docker stack deploy -c a.yml shop')).toEqual(['shop']);
    expect(names('docker stack deploy --detach=true -c a.yml "$NAME"')).toEqual([undefined]);
    expect(names('N=shop; docker stack deploy -c a.yml $N')).toEqual(['shop']);
  });

  test('names and profiles that cannot be told are left out', () => {
    expect(invocationsOf('docker compose -p $N --profile $P --env-file $E -f a.yml up')).toEqual([
      { files: ['a.yml'], folder: '', profiles: [], envFiles: [] },
    ]);
  });
});

describe('files that hold commands', () => {
  const calls = (name: string, text: string): string[] => {
    const read = name.startsWith('.github/') ? workflow : readerFor(name);
    return (read?.({ path: `/w/${name}`, text }) ?? []).flatMap(({ text: shell, folder, variables }) =>
      invocationsOf(shell, variables).map(({ files }) => (folder ? `${folder}: ` : '') + files.join(' ')),
    );
  };

  test.each<[string, string, string[]]>([
    ['up.sh', '#!/bin/sh\ndocker compose -f a.yml up\n', ['a.yml']],
    ['Makefile', 'up:\n\t@docker compose -f a.yml -f b.yml up\n', ['a.yml b.yml']],
    ['Makefile', 'DC := docker compose -f a.yml -f b.yml # all\nup:\n\t$(DC) up\n', ['a.yml b.yml']],
    ['Makefile', 'F = -f $(BASE)\nBASE ?= a.yml\nF += -f b.yml\nup: ; docker compose ${F} up\n', ['a.yml b.yml']],
    ['Makefile', 'up:\n\tdocker compose -f $(ENV).yml up\n', []],
    ['Makefile', 'up:\n\tf=a.yml; docker compose -f $$f up\n', ['a.yml']],
    ['Makefile', 'export COMPOSE_FILE = a.yml:b.yml\nup:\n\tdocker compose up\n', ['a.yml b.yml']],
    ['Makefile', 'up:\n\tdocker compose \\\n\t  -f a.yml \\\n\t  up\n', ['a.yml']],
    ['Makefile', '# docker compose -f a.yml up\nhelp:\n\t@echo "docker compose -f a.yml up"\n', []],
    ['docker.mk', 'up:\n\tdocker compose -f a.yml up\n', ['a.yml']],
    ['justfile', 'files := "-f a.yml -f b.yml"\nup:\n  @docker compose {{files}} up\n', ['a.yml b.yml']],
    ['justfile', 'up env:\n  docker compose -f {{env}}.yml up\n', []],
    [
      'Taskfile.yml',
      'vars: {F: a.yml}\ntasks:\n  up:\n    dir: deploy\n    cmds:\n      - docker compose -f {{.F}} up\n      - cmd: docker compose -f b.yml up\n  down: docker compose -f c.yml down\n',
      ['deploy: a.yml', 'deploy: b.yml', 'c.yml'],
    ],
    [
      'package.json',
      '{"name": "docker compose -f x.yml", "scripts": {"up": "docker compose -f a.yml -f b.yml up", "t": "vitest"}}',
      ['a.yml b.yml'],
    ],
    ['package.json', '{"scripts": {"dev": "concurrently \\"docker compose -f a.yml up\\" \\"vite\\""}}', ['a.yml']],
    [
      '.github/workflows/ci.yml',
      'env: {COMPOSE_FILE: "a.yml:b.yml"}\njobs:\n  t:\n    defaults: {run: {working-directory: app}}\n    steps:\n      - uses: actions/checkout@v4\n      - run: docker compose up\n      - run: |\n          docker compose -f ${{ matrix.f }} up\n          docker compose -f c.yml up\n        working-directory: other\n',
      ['app: a.yml b.yml', 'other: c.yml'],
    ],
    [
      '.gitlab-ci.yml',
      'deploy:\n  variables: {F: a.yml}\n  before_script: [cd x]\n  script:\n    - docker compose -f $F up\n    - - docker compose -f b.yml up\n',
      ['a.yml', 'b.yml'],
    ],
    [
      'README.md',
      'Run `docker compose -f x.yml up`:\n\n```sh\n$ docker compose -f a.yml -f b.yml up\n```\n\ndocker compose -f y.yml up\n\n~~~\ndocker compose -f c.yml up\n~~~\n\n```yaml\nrun: docker compose -f z.yml up\n```\n\n  ```console\n  > docker compose -f d.yml up\n  ```\n',
      ['a.yml b.yml', 'c.yml', 'd.yml'],
    ],
    [
      'README.md',
      'Or with PostgreSQL:\n\n    cd deploy\n    docker-compose -f a.yml up\n\n- a list\n\n    and its text: docker compose -f b.yml up\n\n\t$ sudo docker compose -f c.yml up\n\n    services:\n      web: docker compose -f d.yml up\n',
      ['a.yml', 'c.yml'],
    ],
    [
      'compose.extra.yaml',
      '# An addition. Run with:\n#   docker compose -f compose.yaml \\\n#     -f extra/compose.extra.yaml up -d\n# or: docker compose -f x.yaml up\nservices:\n  web:\n    command: docker compose -f y.yaml up # docker compose -f z.yaml up\n',
      ['compose.yaml extra/compose.extra.yaml'],
    ],
    ['notes.txt', 'docker compose -f a.yml up', []],
    [
      'Jenkinsfile',
      "pipeline {\n  agent any\n  environment {\n    COMPOSE_FILE = 'a.yml:b.yml'\n    STAGE = 'prod'\n  }\n  stages {\n    stage('Up') {\n      steps {\n        sh 'docker compose up -d'\n        sh \"docker compose -f compose.${STAGE}.yml -f ${env.STAGE}.yml up\"\n        dir('deploy') { sh 'docker compose -f c.yml up' }\n        sh 'docker compose -f d.yml up'\n      }\n    }\n  }\n}\n",
      ['a.yml b.yml', 'compose.prod.yml prod.yml', 'deploy: c.yml', 'd.yml'],
    ],
    [
      'Jenkinsfile',
      'node {\n  sh \'\'\'\n    set -e\n    docker compose -f a.yml \\\n      -f b.yml up -d\n  \'\'\'\n  sh """docker compose -f ${base} up\n    docker compose -f c.yml up"""\n}\n',
      ['a.yml b.yml', 'c.yml'],
    ],
    [
      'ci.jenkinsfile',
      "sh(script: 'docker compose -f a.yml ps -q', returnStdout: true).trim()\nsh label: 'up', script: \"F=b.yml; docker compose -f \\$F up\"\nsh(returnStatus: true, script: 'docker compose -f c.yml up')\n",
      ['a.yml', 'b.yml', 'c.yml'],
    ],
    // Comments, other steps, texts that are put together, names that only end like the step
    [
      'Jenkinsfile.prod',
      "// sh 'docker compose -f a.yml up'\n/* sh 'docker compose -f a.yml up' */\necho 'docker compose -f a.yml up'\nbat 'docker compose -f a.yml up'\npush 'docker compose -f a.yml up'\nsh 'docker compose -f a.yml ' + more\nsh 'docker compose -f ' + name + ' up'\nsh \"docker compose -f ${params.FILE} up\"\nsh command\ndef sh = load 'sh.groovy'\nurl = 'https://example.com/sh'\n",
      [],
    ],
    ['Jenkinsfile', "sh 'docker compose -f a.yml up\nsh 'docker compose -f b.yml up'\n", ['b.yml']],
    ['jenkins.txt', "sh 'docker compose -f a.yml up'", []],
    ['package.json', '{"scripts": ["docker compose -f a.yml up"', []],
  ])('%s %j', (name, text, expected) => {
    expect(calls(name, text)).toEqual(expected);
  });
});
