/** Shell text: what is a command, where it stands, and what decides whether it is run. */
import { expect, test } from 'vitest';
import { lines, listed } from './listing.ts';

const shell = async (...text: string[]): Promise<string[]> =>
  (await listed('/w/x.sh', `# docker\n${lines(...text)}`)).slice(1);

test('what only leads to a command is looked through', async () => {
  expect(await shell('FOO=bar sudo -u root env A=b docker compose down -v 2>/dev/null || true  # why')).toEqual([
    '1:0-1:63 docker compose down -v (2>/dev/null; FOO=bar; # docker; # why)',
    '1:67-1:71 true (or FOO=bar sudo -u root env A=b docker compose down -v 2>/dev/null; # docker; # why)',
  ]);
  expect(await shell('', 'timeout -k 5 60 nice -n 10 docker ps')).toEqual(['2:0-2:36 docker ps']);
  expect(await shell('', 'command -v docker')).toEqual(['2:0-2:17 command -v docker']);
});

test('texts that are commands again are read with their own places', async () => {
  expect(await shell('', `sh -c "cd /x && docker compose -p \\"$P\\" stop"`)).toEqual([
    '2:0-2:46 sh -c ~cd /x && docker compose -p "?" stop',
    '2:7-2:12 cd /x',
    '2:16-2:45 docker compose -p ~? stop (at /x)',
  ]);
  expect(await shell('', "docker compose exec -T db sh -c 'pg_dump shop' > x.sql")).toEqual([
    '2:0-2:54 docker compose exec -T db sh -c pg_dump shop (>x.sql)',
    '2:26-2:46 sh -c pg_dump shop (in service db; >x.sql; at ?)',
    '2:33-2:45 pg_dump shop (in service db; at ?)',
  ]);
});

test('here-documents are run only where a shell reads them', async () => {
  expect(
    await shell('', "ssh host <<'EOF'", 'docker compose down', 'EOF', 'cat <<EOF', 'docker compose down -v', 'EOF'),
  ).toEqual(['2:0-2:16 ssh host (<<)', '3:0-3:19 docker compose down (in host host; at ?)', '5:0-5:9 cat (<<)']);
});

test('comments and quoted texts are no commands', async () => {
  expect(await shell('', '# docker compose down -v', 'echo "docker compose down -v" \'docker rm\'')).toEqual([
    '3:0-3:41 echo docker compose down -v docker rm (# docker compose down -v)',
  ]);
});

test('variables that are set once are known, and split into words', async () => {
  expect(
    await shell('', 'DC="docker compose -f a.yaml"', '$DC down "${X:-y}"', 'DB=a', 'DB=b', 'cp $DB "$Z/c"'),
  ).toEqual(['3:0-3:18 docker compose -f a.yaml down ~y', '6:0-6:13 cp ~b ~?/c']);
});

test('conditions, loops, cases and functions', async () => {
  expect(
    await listed(
      '/w/x.sh',
      lines(
        'stop() {',
        '  cd a && docker compose stop',
        '}',
        'if [ "$1" = x ]; then docker ps; else docker info; fi',
        'case "$1" in',
        '  a|b) docker kill $(docker ps -q) ;;',
        'esac',
        'for i in 1 2; do docker rm $i; done',
        'while read -r line; do docker rm "$line"; done < list',
      ),
    ),
  ).toEqual([
    '[]',
    '3:3-3:15 [ ~? = x ]',
    '3:22-3:31 docker ps (if [ "$1" = x ])',
    '3:38-3:49 docker info (else [ "$1" = x ])',
    '5:21-5:33 docker ps -q (case a|b; substituted)',
    '5:7-5:34 docker kill ~? (case a|b)',
    '7:17-7:29 docker rm ~? (loop for i in 1 2;)',
    '8:6-8:18 read -r line',
    '8:23-8:40 docker rm ~? (loop while read -r line;; <list)',
    '[stop]',
    '1:2-1:6 cd a',
    '1:10-1:29 docker compose stop (at a)',
  ]);
});

test('pipelines know their neighbors', async () => {
  expect(await shell('', 'docker ps -q | xargs -r docker stop > log')).toEqual([
    '2:0-2:12 docker ps -q (into docker)',
    '2:15-2:35 docker stop (>log; from docker)',
  ]);
});

test('someone is asked', async () => {
  expect(await shell('', 'read -p "Sure?" a', 'docker compose down -v')).toEqual([
    '2:0-2:17 read -p Sure? a',
    '3:0-3:22 docker compose down -v (confirmed)',
  ]);
  expect(await shell('', 'gum confirm x && docker compose down -v')).toEqual([
    '2:0-2:13 gum confirm x',
    '2:17-2:39 docker compose down -v (and gum confirm x; confirmed)',
  ]);
});

test('a folder that is entered in a subshell is left again', async () => {
  expect(await shell('', '(cd a; docker ps)', 'docker ps', 'cd "$X"', 'docker ps')).toEqual([
    '2:1-2:5 cd a',
    '2:7-2:16 docker ps (at a)',
    '3:0-3:9 docker ps',
    '4:0-4:7 cd ~?',
    '5:0-5:9 docker ps (at ?)',
  ]);
});
