/** What colors Quadlet units, and which files are Quadlet units. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import picomatch from 'picomatch';
import { describe, expect, it } from 'vitest';
import { countOf, failures, parse } from './assertions.ts';
import { languages, tokenizer } from './registry.ts';
import { render } from './render.ts';

const root = path.resolve(import.meta.dirname, '../..');
const read = (name: string): string => fs.readFileSync(path.join(import.meta.dirname, name), 'utf8');
const tokenize = await tokenizer('source.quadlet');

describe('the grammar of Quadlet units', () => {
  for (const file of ['quadlet/structure.txt', 'quadlet/values.txt']) {
    const parsed = parse(read(file));

    it(`${file}: ${parsed.metadata.description}`, () => {
      expect(countOf(parsed)).toBeGreaterThan(60);
      expect(failures(parsed, tokenize)).toEqual([]);
    });
  }

  it('colors a whole unit as it did before', async () => {
    const lines = tokenize(read('whole/shop.container').split('\n'));
    await expect(render(lines)).toMatchFileSnapshot('whole/shop.container.snap');
  });

  it('knows each key once, in order', () => {
    const grammar = fs.readFileSync(path.join(root, 'syntaxes/quadlet.tmLanguage.json'), 'utf8');
    const { repository } = JSON.parse(grammar) as { repository: Record<string, { begin?: string }> };
    const lists = Object.entries(repository).filter(([name]) => /-key$|^unit-list$/.test(name));
    const keys = lists.flatMap(([, { begin }]) => /\((\w+(?:\|\w+)*)\)/.exec(begin ?? '')?.[1]?.split('|') ?? []);
    expect(keys.length).toBeGreaterThan(200);
    for (const [, { begin }] of lists) {
      const list = /\((\w+(?:\|\w+)*)\)/.exec(begin ?? '')?.[1]?.split('|') ?? [];
      expect(list).toEqual([...new Set(list)].sort());
    }
  });
});

describe('the language of Quadlet units', () => {
  const language = languages.find(({ id }) => id === 'quadlet')!;
  const isUnit = (file: string): boolean =>
    language.extensions.some((extension) => file.endsWith(extension)) ||
    picomatch.isMatch(file, [...language.filenamePatterns], { dot: true });

  it.each([
    '/home/me/shop/db.container',
    '/home/me/shop/data.volume',
    '/home/me/shop/shop.kube',
    '/home/me/shop/shop.quadlets',
    '/etc/containers/systemd/back.network',
    '/home/me/.config/containers/systemd/shop/shop.pod',
    '/home/me/.config/containers/systemd/shop/app.build',
    '/usr/share/containers/systemd/tools.image',
    '/work/repo/quadlet/shop.pod',
    '/work/repo/deploy/quadlets/back.network',
    '/work/repo/deploy/db.container.d/10-limits.conf',
    '/etc/containers/systemd/back.network.d/10-dns.conf',
    '/etc/containers/systemd/container.d/all.conf',
  ])('%s is one', (file) => {
    expect(isUnit(file)).toBe(true);
  });

  it.each([
    '/work/repo/lib/Shop.pod',
    '/etc/systemd/network/10-eth.network',
    '/etc/systemd/network/10-eth.network.d/mtu.conf',
    '/etc/systemd/system/db.service.d/override.conf',
    '/work/repo/project.build',
    '/work/repo/disk.image',
    '/etc/containers/containers.conf',
    '/etc/nginx/conf.d/site.conf',
    '/work/repo/compose.yaml',
    '/work/repo/Container',
  ])('%s is none', (file) => {
    expect(isUnit(file)).toBe(false);
  });

  it('names files that are there', () => {
    const named = [language.configuration, ...Object.values(language.icon)];
    expect(named.filter((file) => !fs.existsSync(path.join(root, file)))).toEqual([]);
  });
});
