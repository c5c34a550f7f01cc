/** What the variable of a loop says in turn, and which lists of the engine are told. */
import { expect, test } from 'vitest';
import { listingOf } from '../../server/scripts/listings.ts';
import { TURN } from '../../server/scripts/model.ts';
import { lines, read } from './listing.ts';

/** Of the last word of each `use`: what it says in turn. */
async function turns(...text: string[]): Promise<unknown[]> {
  const script = await read('/w/x.sh', `# docker\n${lines(...text)}`);
  return (script?.parts ?? [])
    .flatMap(({ commands }) => commands)
    .filter(({ words }) => words[0].text === 'use')
    .map(({ words }) => {
      const { each } = words.at(-1)!;
      if (!each) return null;
      const template = each.template.replaceAll(TURN, '*');
      return 'of' in each.values ? [each.values.of, template] : [...each.values, template];
    });
}

test('a loop over words', async () => {
  expect(await turns('for x in a "b c" d; do use "$x:/data"; done')).toEqual([['a', 'b c', 'd', '*:/data']]);
  expect(await turns('ALL="a b"', 'for x in $ALL; do use $x; done')).toEqual([['a', 'b', '*']]);
  expect(await turns('ALL=(a b)', `for x in "\${ALL[@]}"; do use shop_\${x}/$x; done`)).toEqual([
    ['a', 'b', 'shop_*/*'],
  ]);
});

test('what cannot be told is left out', async () => {
  expect(await turns('for x in a $B; do use "$x"; done')).toEqual([['a', '*']]);
  expect(await turns('for x in $B; do use "$x"; done', 'for x in $(ls); do use "$x"; done')).toEqual([null, null]);
  expect(await turns('for x in a b; do for y in c d; do use "$x$y"; done; done')).toEqual([null]);
  expect(await turns(`for x in a b; do use "\${x%.*}"; done`)).toEqual([null]);
});

test('a list of the engine, however it comes into the loop', async () => {
  const told = [['volumes', '*:/data']];
  expect(await turns('for x in $(docker volume ls -q); do use "$x:/data"; done')).toEqual(told);
  expect(await turns('docker volume ls -q | while read -r x; do use "$x:/data"; done')).toEqual(told);
  expect(await turns('while read -r x; do use "$x:/data"; done < <(docker volume ls -q)')).toEqual(told);
  expect(await turns('L=$(docker volume ls -q)', 'while read x; do use "$x:/data"; done <<< "$L"')).toEqual(told);
  expect(await turns('mapfile -t L < <(podman volume ls -q)', `for x in "\${L[@]}"; do use $x:/data; done`)).toEqual(
    told,
  );
  expect(await turns('docker ps -q | while read -r x; do use "$x"; done')).toEqual([['containers', '*']]);
});

test('a line of several words, and another list', async () => {
  expect(await turns('docker volume ls | while read -r driver x; do use "$x"; done')).toEqual([null]);
  expect(await turns('docker volume ls -q | while read -r y; do while read -r x; do use "$x"; done < f; done')).toEqual(
    [null],
  );
});

test('which of them are chosen', () => {
  const chosen = (text: string): string[] | undefined => {
    const listing = listingOf(text);
    return listing ? ['shop_pg', 'shop_web', 'blog_pg'].filter(listing.picks) : undefined;
  };
  expect(chosen('$(docker volume ls -q)')).toEqual(['shop_pg', 'shop_web', 'blog_pg']);
  expect(chosen("docker volume ls --format '{{.Name}}' 2>/dev/null | sort || true")).toHaveLength(3);
  expect(chosen('$(docker volume ls -q | grep shop)')).toEqual(['shop_pg', 'shop_web']);
  expect(chosen('`docker volume ls -q | grep -vE "^(blog|shop)_pg$"`')).toEqual(['shop_web']);
  expect(chosen('docker volume ls -q --filter name=pg')).toEqual(['shop_pg', 'blog_pg']);
  for (const text of [
    'docker volume ls -qf dangling=true',
    'docker volume ls -q -f label=com.acme.keep',
    'docker volume ls -q --filter name=$NAME',
    'docker volume ls -q | head -1',
    'docker volume ls -q | grep "$NAME"',
    'docker volume inspect x',
    'ls volumes',
  ])
    expect(chosen(text)).toBeUndefined();
});
