import { describe, expect, test } from 'vitest';
import { readSettings, readSettingsFile } from '../../server/lint/settings.ts';
import { memory } from './memory.ts';

const inFile = (text: string) =>
  readSettingsFile(memory({ 'a/.compose-persistence.yaml': text }), '/w/a/.compose-persistence.yaml');

const messages = (text: string): string[] => inFile(text).problems.map(({ message }) => message);

describe('projects in the settings', () => {
  test('are relative to the file', () => {
    const text = 'projects:\n  - files: [compose.yaml, ../x/prod.yaml]\n    name: shop\n    profiles: [a, b]\n';
    expect(inFile(text)).toEqual({
      settings: {
        projects: [{ files: ['/w/a/compose.yaml', '/w/x/prod.yaml'], projectName: 'shop', profiles: ['a', 'b'] }],
      },
      problems: [],
    });
  });

  test('of the editor are relative to the workspace folder, and come first', () => {
    const files = memory({ 'a/.compose-persistence.yaml': 'projects: [{files: [b.yaml]}]\n' });
    const { settings, problems } = readSettings(files, '/w/a/deep', { projects: [{ files: ['x/a.yaml'] }] }, '/w');
    expect(problems).toEqual([]);
    expect(settings.projects).toEqual([{ files: ['/w/x/a.yaml'] }, { files: ['/w/a/b.yaml'] }]);
  });

  test.each<[string, string[]]>([
    ['projects:\n', []],
    ['projects: []\n', []],
    ['projects: [{files: [a.yaml], name: null, profiles: null}]\n', []],
    ['projects: {files: [a.yaml]}\n', ['projects is a list of {files: [...], name, profiles}']],
    ['projects: [a.yaml]\n', ['projects[0]: a project is a mapping with the keys files, name and profiles']],
    ['projects: [{}]\n', ['projects[0]: files is a list of Compose files, base first']],
    ['projects: [{files: a.yaml}]\n', ['projects[0]: files is a list of Compose files, base first']],
    ['projects: [{files: []}]\n', ['projects[0]: files is a list of Compose files, base first']],
    ['projects: [{files: [1]}]\n', ['projects[0]: files is a list of Compose files, base first']],
    ['projects: [{files: [a.yaml], file: b}]\n', ['projects[0]: there is no key "file"']],
    ['projects: [{files: [a.yaml, ./a.yaml]}]\n', ['projects[0]: "./a.yaml" is named twice']],
    [
      'projects: [{files: [a.yaml]}, {files: [b.yaml], name: My Shop}]\n',
      ['projects[1]: name consists of lower case letters, digits, "-" and "_", and begins with a letter or digit'],
    ],
    ['projects: [{files: [a.yaml], profiles: dev}]\n', ['projects[0]: profiles is a list of names']],
    ['project: []\n', ['there is no setting "project"']],
  ])('%j', (text, expected) => {
    expect(messages(text)).toEqual(expected);
  });

  test('a faulty project is left out, the others count', () => {
    expect(inFile('projects: [{files: []}, {files: [b.yaml]}]\n').settings.projects).toEqual([
      { files: ['/w/a/b.yaml'] },
    ]);
  });
});
