/** Strapi's media library: `public/uploads`, unless another provider takes the files. */
import { literal } from '../source/expressions.ts';
import { type Application, above, type SettingsReader, uploads } from './application.ts';

const MANIFEST = /"@strapi\/strapi"\s*:/;
const PROVIDER = /"(?:@[\w-]+\/)?(?:strapi-)?provider-upload-(?!local")[\w-]+"\s*:/;

/** The settings name another provider, or one that is not told here. */
export const namesProvider = (text: string): boolean =>
  /\bprovider\s*:/.test(text) && /\bupload\b/.test(text) && !/\bprovider\s*:\s*(['"])local\1/.test(text);

export const strapiUploads: SettingsReader = (application) =>
  application.named(/\/config\/database\.[jt]s$/).flatMap((source) => {
    const root = source.path.replace(/\/config\/database\.[jt]s$/, '');
    const manifest = application.file(`${root}/package.json`);
    if (!manifest || !MANIFEST.test(manifest.text) || PROVIDER.test(manifest.text)) return [];
    const plugins = settings(application, root, 'plugins');
    const server = settings(application, root, 'server');
    if (plugins.some(namesProvider) || server.some((text) => /\bdirs\b/.test(text))) return [];
    const path = {
      kind: 'join',
      parts: [above(source.path, 2), literal('public/uploads')],
      restart: false,
    } as const;
    const start = manifest.text.search(MANIFEST);
    const end = start + MANIFEST.exec(manifest.text)![0].length - 1;
    return [uploads({ by: 'Strapi', source: manifest, start, end, path })];
  });

/** A settings file, and what is said over it for production. */
const settings = (application: Application, root: string, name: string): string[] =>
  ['config', 'config/env/production']
    .flatMap((folder) => ['js', 'ts'].map((end) => `${root}/${folder}/${name}.${end}`))
    .flatMap((file) => application.file(file)?.text ?? []);
