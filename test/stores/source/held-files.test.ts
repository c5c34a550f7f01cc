// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the code that is scanned has them.
import { describe, expect, it } from 'vitest';
import { scan, table } from './scanning.ts';

const HEAD =
  "import fs from 'node:fs';\nimport path from 'node:path';\nimport multer from 'multer';\nconst upload = multer({ storage: multer.memoryStorage() });\nconst DIR = path.resolve(process.cwd(), 'papers');\n";
const route = (body: string): string =>
  `${HEAD}app.post('/', upload.single('f'), async (req, res) => {\n${body}\n});\n`;
const GIVE = "app.get('/:name', (req, res) => fs.createReadStream(path.join(DIR, req.params.name)).pipe(res));\n";

const CONTROLLER =
  "import { FileInterceptor } from '@nestjs/platform-express';\nimport { PapersService } from './papers.service';\nexport class PapersController {\n  constructor(private papers: PapersService) {}\n  @Post()\n  @UseInterceptors(FileInterceptor('file', { limits: { fileSize: 1000 } }))\n  async take(@UploadedFile(new ParseFilePipe({ validators: [new MaxFileSizeValidator({ maxSize: 9 })] })) file: any, @Body() body: Dto) {\n    return this.papers.keep(file, body);\n  }\n}\n";
const service = (write: string): string =>
  `import * as fs from 'fs';\nimport * as path from 'path';\nconst DIR = path.join(process.cwd(), 'papers');\nexport class PapersService {\n  async keep(file: Kept, body: Dto) {\n    const name = \`\${Date.now()}-\${file.originalname}\`;\n    ${write}\n  }\n  async drop(id: string) {\n    const at = path.join(DIR, await nameOf(id));\n    if (fs.existsSync(at)) fs.unlinkSync(at);\n  }\n}\n`;
const KEEPS = service('await fs.promises.writeFile(path.join(DIR, name), file.buffer);');

describe('Files held in memory and written: catches', () => {
  table('ts', [
    [
      'multer',
      route('fs.writeFileSync(path.join(DIR, req.file.originalname), req.file.buffer);') + GIVE,
      ['uploads /app/papers'],
    ],
    [
      'by another name',
      `${route('const file = req.file!;\nconst at = `./papers/${file.originalname}`;\nawait fs.promises.writeFile(at, file.buffer);')}app.use(express.static('papers'));`,
      ['uploads /app/papers'],
    ],
    [
      'its parts',
      route('const { buffer, originalname } = req.file;\nfs.writeFile(path.join(DIR, originalname), buffer, done);') +
        GIVE,
      ['uploads /app/papers'],
    ],
    [
      'several',
      route('for (const one of req.files) fs.writeFileSync(path.join(DIR, one.originalname), one.buffer);') + GIVE,
      ['uploads /app/papers'],
    ],
    [
      'several, one after the other',
      route(
        'await Promise.all(req.files.map(async (one) => { await fs.promises.writeFile(path.join(DIR, one.originalname), one.buffer); }));',
      ) + GIVE,
      ['uploads /app/papers'],
    ],
    [
      'a stream',
      route('const out = fs.createWriteStream(path.join(DIR, newName()));\nout.end(req.file.buffer);') + GIVE,
      ['uploads /app/papers'],
    ],
    [
      'a picture made smaller',
      `import sharp from 'sharp';\n${route('await sharp(req.file.buffer).resize(800).webp().toFile(path.join(DIR, newName()));')}${GIVE}`,
      ['uploads /app/papers'],
    ],
    [
      'a function that is handed the bytes',
      `${route('await keep(newName(), req.file.buffer);')}async function keep(name, bytes) { fs.writeFileSync(path.join(DIR, name), bytes); }\n${GIVE}`,
      ['uploads /app/papers'],
    ],
    [
      'NestJS, written by a service',
      { 'papers.controller.ts': CONTROLLER, 'papers.service.ts': KEEPS },
      ['uploads /app/papers'],
    ],
    [
      'NestJS, with a type',
      "import { FilesInterceptor } from '@nestjs/platform-express';\nimport { writeFile } from 'fs/promises';\nimport { join } from 'path';\nclass A {\n  async keep(file: Express.Multer.File) { await writeFile(join(__dirname, '..', 'papers', file.originalname), file.buffer); }\n}\nServeStaticModule.forRoot({ rootPath: join(__dirname, '..', 'papers') });",
      ['uploads /papers'],
    ],
    [
      'express-fileupload',
      "const fileUpload = require('express-fileupload');\nconst path = require('path');\napp.use(fileUpload());\napp.post('/', (req, res) => {\n  const { paper } = req.files;\n  paper.mv(path.join(__dirname, 'papers', paper.name), done);\n});\napp.use(express.static('papers'));",
      ['uploads /app/papers'],
    ],
    [
      'formidable, and the file is moved',
      "import formidable from 'formidable';\nimport fs from 'fs';\nimport path from 'path';\nexport default async function take(req, res) {\n  const [fields, files] = await formidable({}).parse(req);\n  const { paper } = files;\n  fs.copyFileSync(req.files.paper.filepath, path.join(process.cwd(), 'papers', newName()));\n}\napp.use(express.static('papers'));",
      ['uploads /app/papers'],
    ],
    [
      'busboy, in pieces',
      "const fs = require('fs');\nconst path = require('path');\nconst busboy = require('busboy');\napp.post('/', (req, res) => {\n  const form = busboy({ headers: req.headers });\n  form.on('file', (field, file, info) => {\n    const pieces = [];\n    file.on('data', (piece) => pieces.push(piece));\n    file.on('end', () => fs.writeFileSync(path.join(__dirname, 'papers', info.filename), Buffer.concat(pieces)));\n  });\n});\napp.use(express.static('papers'));",
      ['uploads /app/papers'],
    ],
    [
      'an object store for something else',
      {
        'papers.controller.ts': CONTROLLER,
        'papers.service.ts': KEEPS,
        'papers.module.ts':
          "import { PapersController } from './papers.controller';\nimport { PapersService } from './papers.service';",
        'app.module.ts':
          "import { NestFactory } from '@nestjs/core';\nimport { PapersModule } from './papers.module';\nimport { MinioModule } from './minio/minio.module';",
        'minio/minio.module.ts': "import { MinioService } from './minio.service';",
        'minio/minio.service.ts':
          "import * as Minio from 'minio';\nexport class MinioService { put(name, body) { return this.client.putObject('b', name, body); } }",
      },
      ['uploads /app/papers'],
    ],
  ]);

  it('where nothing reads them, it is not known that they are to last', async () => {
    const write = 'fs.writeFileSync(path.join(DIR, req.file.originalname), req.file.buffer);';
    const sure = async (code: string) => (await scan({ 'a.ts': code })).stores.map(({ told }) => told?.confidence);
    expect(await sure(route(write) + GIVE)).toEqual([undefined]);
    expect(await sure(route(write))).toEqual(['memory']);
    expect(await sure(`${route(write)}fs.createReadStream(path.join('other', name));`)).toEqual(['memory']);
  });
});

describe('Files held in memory and written: catches not', () => {
  const write = 'fs.writeFileSync(path.join(DIR, newName()), req.file.buffer);';
  table('ts', [
    ['the same file each time', route("fs.writeFileSync(path.join(DIR, 'last.pdf'), req.file.buffer);") + GIVE, []],
    ['beside the program', route('fs.writeFileSync(path.join(__dirname, newName()), req.file.buffer);') + GIVE, []],
    ['removed when it was read', route(`${write}\nawait parse(at);\nfs.unlinkSync(at);`) + GIVE, []],
    [
      'removed by a function that it calls',
      `${route(`${write}\nawait index(at);`)}async function index(at) { await parse(at); await fs.promises.rm(at); }\n${GIVE}`,
      [],
    ],
    [
      'removed by the handler',
      {
        'papers.controller.ts': CONTROLLER.replace(
          'return this.papers.keep(file, body);',
          'const at = await this.papers.keep(file, body); await read(at); await unlink(at);',
        ),
        'papers.service.ts': KEEPS,
      },
      [],
    ],
    [
      'a folder for temporary files',
      route("fs.writeFileSync(path.join('tmp_papers', newName()), req.file.buffer);") + GIVE,
      [],
    ],
    [
      'the system’s folder for temporary files',
      route('fs.writeFileSync(path.join(os.tmpdir(), newName()), req.file.buffer);') + GIVE,
      [],
    ],
    [
      'something else is written',
      route('fs.writeFileSync(path.join(DIR, newName()), JSON.stringify(read(req.file.buffer)));') + GIVE,
      [],
    ],
    ['the buffer of something else', route('fs.writeFileSync(path.join(DIR, newName()), page.buffer);') + GIVE, []],
    [
      'the buffer of what was fetched',
      route('const page = await fetchIt(req.body.url);\nfs.writeFileSync(path.join(DIR, newName()), page.buffer);') +
        GIVE,
      [],
    ],
    [
      'a function that nobody hands a file',
      `${route('await keep(newName(), await draw(req.body));')}async function keep(name, bytes) { fs.writeFileSync(path.join(DIR, name), bytes); }\n${GIVE}`,
      [],
    ],
    ['another library', route(write).replace("'multer'", "'./own'") + GIVE, []],
    [
      'a folder of the request',
      route('fs.writeFileSync(path.join(req.body.folder, newName()), req.file.buffer);') + GIVE,
      [],
    ],
    ['a comment', `${HEAD}// fs.writeFileSync(path.join(DIR, name), req.file.buffer);\n${GIVE}`, []],
    ['a test', { 'test/a.ts': route(write) + GIVE, 'a.ts': GIVE }, []],
    [
      'a script that is only started by hand',
      `${HEAD}if (require.main === module) { const keep = (req) => { ${write} }; }\n`,
      [],
    ],
    ['handed on as well', `import { S3Client } from '@aws-sdk/client-s3';\n${route(write)}${GIVE}`, []],
    [
      'handed on by the service',
      {
        'papers.controller.ts': CONTROLLER,
        'papers.service.ts': `import { StoreService } from './store.service';\n${KEEPS}`,
        'store.service.ts': "import * as Minio from 'minio';\nexport class StoreService {}",
      },
      [],
    ],
    [
      'one of several places, as settings choose',
      {
        'papers.controller.ts': CONTROLLER.replace('PapersService }', 'Storage }')
          .replace(': PapersService', ': Storage')
          .replace("'./papers.service'", "'./storage/storage'"),
        'storage/storage.ts': 'export abstract class Storage { abstract keep(file: Kept): Promise<void>; }',
        'storage/local.ts': KEEPS.replace('file: Kept', 'file: Express.Multer.File'),
        'storage/s3.ts': "import { S3Client } from '@aws-sdk/client-s3';\nexport class S3Storage {}",
        'storage/storage.module.ts': "import { PapersService } from './local';\nimport { S3Storage } from './s3';",
      },
      [],
    ],
    [
      'by way of a file that chooses',
      {
        'routes.js':
          "const multer = require('multer');\nconst storage = require('./storage');\nrouter.post('/', multer().single('f'), (req, res) => storage.keep(req.file));",
        'storage/index.js':
          "const local = require('./local');\nconst remote = require('./remote');\nmodule.exports = process.env.REMOTE ? remote : local;",
        'storage/local.js':
          "const fs = require('fs');\nconst path = require('path');\nexports.keep = (file) => fs.writeFileSync(path.join('papers', file.originalname), file.buffer);",
        'storage/remote.js':
          "const { Storage } = require('@google-cloud/storage');\nexports.keep = (file) => bucket.file(file.originalname).save(file.buffer);",
      },
      [],
    ],
  ]);
});
