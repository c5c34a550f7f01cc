import { describe } from 'vitest';
import { table } from './scanning.ts';

const page = (code: string) => ({ 'up.php': `<?php\n${code}\n` });
const MOVE = "move_uploaded_file($_FILES['f']['tmp_name'], $to);";
const LARAVEL = {
  'public/index.php': '<?php\n',
  'app/Photos.php': "<?php\n$file->move(public_path('photos'), $name);\n",
};

describe('Uploads of PHP: catches', () => {
  table('php', [
    [
      'beside the script',
      page(`$to = __DIR__ . '/uploads/' . basename($_FILES['f']['name']);\n${MOVE}`),
      ['uploads /app/uploads'],
    ],
    [
      'in the usual two steps',
      page(`$dir = "uploads/";\n$to = $dir . basename($_FILES["f"]["name"]);\n${MOVE}`),
      ['uploads /app/uploads'],
    ],
    ['written into the text', page('move_uploaded_file($tmp, "/data/files/$name");'), ['uploads /data/files']],
    [
      'a constant',
      page(`define('DIR', '/data/files/');\nmove_uploaded_file($tmp, DIR . $name);`),
      ['uploads /data/files'],
    ],
    [
      'one folder, once',
      page("move_uploaded_file($a, '/data/x/' . $n);\nmove_uploaded_file($b, '/data/x/' . $m);"),
      ['uploads /data/x'],
    ],
    ['Laravel', LARAVEL, ['uploads /app/public/photos']],
    [
      'a folder of the environment',
      page("move_uploaded_file($tmp, getenv('FILES') . '/in/' . $name);"),
      ['uploads /srv/in'],
      { environment: { FILES: '/srv' } },
    ],
  ]);
});

describe('Uploads of PHP: catches not', () => {
  table('php', [
    ['a path that is not told', page('move_uploaded_file($tmp, $to);'), []],
    ['a folder that is not told', page("move_uploaded_file($tmp, $dir . '/' . $name);"), []],
    ['beside the script itself', page('move_uploaded_file($tmp, $name);'), []],
    [
      'relative, in a script that others include',
      {
        ...page("move_uploaded_file($tmp, 'uploads/' . $name);"),
        'admin/index.php': "<?php\nrequire_once '../up.php';\n",
      },
      ['uploads ?'],
    ],
    ['S3', { ...page("move_uploaded_file($tmp, '/data/' . $name);"), 's3.php': '<?php\nuse Aws\\S3\\S3Client;\n' }, []],
    ['another move', page("$file->move('/data/files', $name);"), []],
    ['Laravel without its public folder', { 'app/Photos.php': LARAVEL['app/Photos.php'] }, []],
    [
      'a folder Laravel computes',
      { ...LARAVEL, 'app/Photos.php': '<?php\n$file->move(public_path($dir), $name);\n' },
      [],
    ],
    ['a comment', page("// move_uploaded_file($tmp, '/data/' . $name);"), []],
    [
      'a test',
      { 'tests/up.php': page("move_uploaded_file($tmp, '/data/' . $name);")['up.php'], 'a.php': '<?php\n' },
      [],
    ],
    ['a file that comes with it', { 'vendor/up.php': page("move_uploaded_file($tmp, '/data/' . $n);")['up.php'] }, []],
    ['nothing', page('move_uploaded_file();'), []],
    ['removed when it was read', page(`$to = '/data/' . $n;\n${MOVE}\nimport($to);\nunlink($to);`), []],
    ['another function', page("my_move_uploaded_file($tmp, '/data/' . $name);"), []],
    ['named only', page("$f = 'move_uploaded_file(';\n$to = '/data/' . $n;"), []],
  ]);
});
