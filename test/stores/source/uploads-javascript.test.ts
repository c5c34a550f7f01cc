// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the code that is scanned has them.
import { describe } from 'vitest';
import { table } from './scanning.ts';

const SERVE = "app.use('/uploads', express.static('uploads'));\n";
const disk = (destination: string): string =>
  `import multer, { diskStorage } from 'multer';\nimport path from 'node:path';\nconst storage = diskStorage({ destination: ${destination}, filename: (req, file, cb) => cb(null, file.originalname) });\nexport const upload = multer({ storage });\n`;

describe('Uploads in JavaScript and TypeScript: catches', () => {
  table('ts', [
    [
      'multer with a folder that is served',
      `import multer from 'multer';\nconst upload = multer({ dest: 'uploads/' });\n${SERVE}`,
      ['uploads /app/uploads'],
    ],
    [
      'multer, required, with the folder served in another file',
      {
        'routes/photos.js': "const multer = require('multer');\nmodule.exports = multer({ dest: './public/photos' });",
        'index.js': "app.use(express.static('public'));",
      },
      ['uploads /app/public/photos'],
    ],
    ['a destination', disk("'/data/uploads'") + SERVE, ['uploads /data/uploads']],
    ['a function that gives it', disk("(req, file, cb) => cb(null, 'uploads')") + SERVE, ['uploads /app/uploads']],
    [
      'a function with a body, counted from the file',
      disk("function (req, file, done) {\n  const dir = path.join(__dirname, 'uploads');\n  done(null, dir);\n}") +
        SERVE,
      ['uploads /app/uploads'],
    ],
    ['a method', disk("'x', destination(req, file, cb) { cb(null, 'uploads/'); }") + SERVE, ['uploads /app/uploads']],
    [
      'a function of its own',
      `const where = (req, file, cb) => { cb(null, 'uploads'); };\n${disk('where')}${SERVE}`,
      ['uploads /app/uploads'],
    ],
    [
      'two folders',
      disk(
        "(req, file, cb) => { if (file.mimetype === 'application/pdf') cb(null, 'uploads/papers'); else cb(null, 'uploads/photos'); }",
      ) + SERVE,
      ['uploads /app/uploads/papers', 'uploads /app/uploads/photos'],
    ],
    [
      'a variable of the environment',
      `const UPLOAD_DIR = process.env.UPLOAD_DIR || 'uploads';\n${disk('UPLOAD_DIR')}app.use(express.static(UPLOAD_DIR));`,
      ['uploads /srv/files'],
      { UPLOAD_DIR: '/srv/files' },
    ],
    [
      'NestJS',
      "import { FileInterceptor } from '@nestjs/platform-express';\nimport { diskStorage } from 'multer';\nclass A {\n  @UseInterceptors(FileInterceptor('file', { storage: diskStorage({ destination: './uploads' }) }))\n  take() {}\n  @Get()\n  give(@Res() res) { return res.sendFile(name, { root: './uploads' }); }\n}",
      ['uploads /app/uploads'],
    ],
    [
      'NestJS, with a folder alone',
      "import { MulterModule } from '@nestjs/platform-express';\nMulterModule.register({ dest: './uploads' });\nServeStaticModule.forRoot({ rootPath: join(process.cwd(), 'uploads') });",
      ['uploads /app/uploads'],
    ],
  ]);
});

describe('Uploads in JavaScript and TypeScript: an object store for something else', () => {
  table('ts', [
    [
      'S3 in a file that no upload comes by',
      {
        'a.ts': `import multer from 'multer';\nmulter({ dest: 'uploads/' });\n${SERVE}`,
        'b.ts': "import { S3Client } from '@aws-sdk/client-s3';\nexport const report = (text) => send(text);",
      },
      ['uploads /app/uploads'],
    ],
    [
      'Minio behind another route of the same program',
      {
        'main.js': `app.use('/photos', require('./routes/photos'));\napp.use('/reports', require('./routes/reports'));\n${SERVE}app.listen(3000);`,
        'routes/photos.js': "const multer = require('multer');\nconst upload = multer({ dest: 'uploads/' });",
        'routes/reports.js':
          "const { put } = require('../services/store');\nrouter.post('/', (req, res) => put(req.body));",
        'services/store.js':
          "const Minio = require('minio');\nexports.put = (body) => client.putObject('b', 'n', body);",
      },
      ['uploads /app/uploads'],
    ],
  ]);
});

describe('Uploads in JavaScript and TypeScript: catches not', () => {
  table('ts', [
    ['in memory', `import multer from 'multer';\nmulter({ storage: multer.memoryStorage() });\n${SERVE}`, []],
    ['without a folder', `import multer from 'multer';\nmulter();\n${SERVE}`, []],
    ['nothing serves it', "import multer from 'multer';\nmulter({ dest: 'uploads/' });", []],
    [
      'another folder is served',
      "import multer from 'multer';\nmulter({ dest: 'in/' });\napp.use(express.static('public'));",
      [],
    ],
    [
      'a word that is only a part of another',
      "import multer from 'multer';\nmulter({ dest: 'uploads/' });\napp.use(express.static('uploads-old2'.replace(/x/, '')), express.static('my_uploads'));",
      [],
    ],
    [
      'removed when it was read',
      `import multer from 'multer';\nconst up = multer({ dest: 'uploads/' });\napp.post('/', up.single('f'), (req) => { parse(req.file.path); fs.unlinkSync(req.file.path); });\n${SERVE}`,
      [],
    ],
    [
      'handed on to a service',
      `import multer from 'multer';\nimport { v2 as cloudinary } from 'cloudinary';\nmulter({ dest: 'uploads/' });\n${SERVE}`,
      [],
    ],
    [
      'S3',
      `import multer from 'multer';\nimport multerS3 from 'multer-s3';\nmulter({ storage: multerS3({ s3, bucket: 'b' }), dest: 'uploads' });\n${SERVE}`,
      [],
    ],
    [
      'S3 in a file that is handed the upload',
      {
        'a.ts': `import multer from 'multer';\nimport { keep } from './b';\nmulter({ dest: 'uploads/' });\n${SERVE}`,
        'b.ts': "import { S3Client } from '@aws-sdk/client-s3';\nexport const keep = (file) => put(file);",
      },
      [],
    ],
    [
      'S3 behind the file that names the handlers',
      {
        'middleware/upload.ts': "import multer from 'multer';\nexport const upload = multer({ dest: 'uploads/' });",
        'middleware/index.ts': "export * from './upload';",
        'routes/photos.ts':
          "import { upload } from '../middleware';\nimport { take } from '../controllers/photos';\nrouter.post('/', upload.single('photo'), take);",
        'controllers/photos.ts':
          "import { keep } from '../services/photos';\nexport const take = (req) => keep(req.file);",
        'services/photos.ts': "import { put } from '../clients/store';\nexport const keep = (file) => put(file);",
        'clients/store.ts': "import { S3Client } from '@aws-sdk/client-s3';\nexport const put = (file) => send(file);",
        'main.ts': SERVE,
      },
      [],
    ],
    [
      'S3 in a package of the same repository',
      {
        'apps/api/a.ts': `import multer from 'multer';\nimport { keep } from '@acme/storage';\nmulter({ dest: 'uploads/' });\n${SERVE}`,
        'packages/storage/src/s3.ts': "import { S3Client } from '@aws-sdk/client-s3';",
      },
      [],
    ],
    [
      'what lies in the folder is sent on by another program',
      {
        'a.ts': `import multer from 'multer';\nmulter({ dest: 'uploads/' });\n${SERVE}`,
        'worker.ts':
          "import * as Minio from 'minio';\nconst client = new Minio.Client({ endPoint: 'store' });\nclient.fPutObject('b', name, path);",
      },
      [],
    ],
    [
      'a storage beside the folder',
      `import multer from 'multer';\nmulter({ dest: 'uploads', storage: mine });\n${SERVE}`,
      [],
    ],
    ['a folder of the request', disk('(req, file, cb) => cb(null, req.params.folder)') + SERVE, []],
    ['an error alone', disk("(req, file, cb) => cb(new Error('uploads'))") + SERVE, []],
    ['another call in the function', disk("(req, file, cb) => { log(null, 'uploads'); }") + SERVE, []],
    ['a function of the application', `import { multer } from './multer';\nmulter({ dest: 'uploads' });\n${SERVE}`, []],
    ['a comment', `import multer from 'multer';\n// multer({ dest: 'uploads' })\n${SERVE}`, []],
    [
      'a test',
      { 'test/a.ts': `import multer from 'multer';\nmulter({ dest: 'uploads' });\n${SERVE}`, 'a.ts': 'export {};' },
      [],
    ],
    [
      'an example',
      { 'examples/a.ts': `import multer from 'multer';\nmulter({ dest: 'uploads' });\n${SERVE}`, 'a.ts': SERVE },
      [],
    ],
    [
      'a folder of which a part is computed',
      `import multer from 'multer';\nmulter({ dest: \`uploads/\${tenant()}\` });\n${SERVE}`,
      ['uploads ? the path is computed by `tenant`'],
    ],
    [
      'the system’s folder for temporary files',
      "import multer from 'multer';\nimport os from 'node:os';\nmulter({ dest: os.tmpdir() });",
      [],
    ],
  ]);
});
