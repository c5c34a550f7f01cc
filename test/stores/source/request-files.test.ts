// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the code that is scanned has them.
import { describe } from 'vitest';
import { table } from './scanning.ts';

const HEAD =
  "import fs from 'node:fs';\nimport path from 'node:path';\nimport { pipeline } from 'node:stream/promises';\nimport multipart from '@fastify/multipart';\n";
const SERVE = "app.register(fastifyStatic, { root: path.resolve(process.cwd(), 'media') });\n";
const handler = (where: string, more = ''): string =>
  `${HEAD}app.post('/', async (request) => {\n  const data = await request.file();\n  const name = newName(data.filename);\n  const where = ${where};\n  await pipeline(data.file, fs.createWriteStream(where));\n${more}});\n`;
const BUSBOY =
  "const fs = require('fs');\nconst path = require('path');\nconst busboy = require('busboy');\napp.post('/', (req, res) => {\n  const form = busboy({ headers: req.headers });\n  form.on('file', (field, file, info) => { file.pipe(fs.createWriteStream(path.join(__dirname, 'photos', info.filename))); });\n  req.pipe(form);\n});\n";

describe('Files of requests in JavaScript and TypeScript: catches', () => {
  table('ts', [
    ['Fastify', handler("path.join(process.cwd(), 'media', name)") + SERVE, ['uploads /app/media']],
    [
      'a folder beside that of the program',
      handler("path.join(process.cwd(), '../media', name)") + SERVE,
      ['uploads /media'],
    ],
    ['a text', handler('`./media/${name}`') + SERVE, ['uploads /app/media']],
    [
      'a folder for each user',
      handler("path.join(process.cwd(), 'media', request.user, name)") + SERVE,
      ['uploads /app/media'],
    ],
    [
      'a variable of the environment',
      `const MEDIA = process.env.MEDIA ?? 'media';\n${handler('path.join(MEDIA, name)')}app.get('/', () => fs.readdirSync(MEDIA));`,
      ['uploads /srv/media'],
      { MEDIA: '/srv/media' },
    ],
    [
      'in another file than the one that serves them',
      {
        'routes/photos.ts':
          "import { createWriteStream } from 'fs';\nexport async function take(req) {\n  for await (const part of req.parts()) {\n    if (part.file) await pipeline(part.file, createWriteStream(`/srv/media/${part.filename}`));\n  }\n}\n",
        'index.ts':
          "app.register(require('@fastify/multipart'));\napp.register(require('@fastify/static'), { root: '/srv/media' });",
      },
      ['uploads /srv/media'],
    ],
    ['busboy', `${BUSBOY}app.use(express.static('photos'));`, ['uploads /app/photos']],
    [
      'formidable',
      "import formidable from 'formidable';\nconst form = formidable({ uploadDir: './photos', keepExtensions: true });\napp.use(express.static('photos'));",
      ['uploads /app/photos'],
    ],
  ]);
});

describe('Files of requests in JavaScript and TypeScript: catches not', () => {
  table('ts', [
    ['nothing serves it', handler("path.join(process.cwd(), 'in', name)") + SERVE, []],
    ['the same file each time', handler("path.join(process.cwd(), 'media', 'last.png')") + SERVE, []],
    ['beside the program', handler('path.join(process.cwd(), name)') + SERVE, []],
    ['removed when it was read', handler("path.join('media', name)", '  fs.unlinkSync(where);\n') + SERVE, []],
    ['a folder for temporary files', handler("path.join('tmp', 'media_tmp', name)") + SERVE, []],
    ['a folder of the request', handler('path.join(request.query.folder, name)') + SERVE, []],
    [
      'handed on to a service',
      `import { S3Client } from '@aws-sdk/client-s3';\n${handler("path.join('media', name)")}${SERVE}`,
      [],
    ],
    [
      'something else is written',
      `${HEAD}app.post('/', async (request) => {\n  const data = await request.file();\n  count(data);\n  fs.writeFileSync(path.join('media', newName()), 'seen');\n});\n${SERVE}`,
      [],
    ],
    [
      'a file that is no request’s',
      `${HEAD}async function fetchIt(url, name) {\n  const data = await get(url);\n  await pipeline(data.file, fs.createWriteStream(path.join('media', name)));\n}\n${SERVE}`,
      [],
    ],
    [
      'another request',
      `${handler("path.join('media', name)").replace("'@fastify/multipart'", "'./own'")}${SERVE}`,
      [],
    ],
    ['busboy, and another folder is served', `${BUSBOY}app.use(express.static('public'));`, []],
    ['busboy, and another event', `${BUSBOY.replace("'file', (", "'field', (")}app.use(express.static('photos'));`, []],
    [
      'formidable without a folder',
      "import formidable from 'formidable';\nformidable({ multiples: true });\napp.use(express.static('photos'));",
      [],
    ],
    [
      'formidable, and the file is moved',
      "import formidable from 'formidable';\nformidable({ uploadDir: './photos' });\nfs.rename(files.photo.filepath, to);\napp.use(express.static('photos'));",
      [],
    ],
    ['a test', { 'test/a.ts': handler("path.join('media', name)") + SERVE, 'a.ts': SERVE }, []],
    [
      'a comment',
      `${HEAD}// const data = await request.file(); pipeline(data.file, fs.createWriteStream('media/' + data.filename));\n${SERVE}`,
      [],
    ],
  ]);
});
