import { describe } from 'vitest';
import { type Run, table } from './scanning.ts';

const page = (code: string) => ({ 'index.php': `<?php\n${code}\n` });
const pages = (cases: readonly (readonly [string, string, string[], Run?])[]) =>
  cases.map(([title, code, stores, run]) => [title, page(code), stores, run ?? {}] as const);

describe('PHP: catches', () => {
  table(
    'php',
    pages([
      ['PDO', "$db = new PDO('sqlite:' . __DIR__ . '/data/app.db');", ['sqlite /app/data/app.db']],
      ['PDO, absolute', "new \\PDO('sqlite:/data/app.db');", ['sqlite /data/app.db']],
      ['PDO beside index.php', "$db = new PDO('sqlite:app.db');", ['sqlite /app/app.db']],
      [
        'PDO with a variable in the text',
        '$dir = "/data"; $db = new PDO("sqlite:$dir/app.db");',
        ['sqlite /data/app.db'],
      ],
      ['SQLite3', "$db = new SQLite3(dirname(__DIR__) . '/x.db');", ['sqlite /x.db']],
      [
        'the environment with a default',
        "$p = getenv('DB') ?: '/data/app.db'; new SQLite3($p);",
        ['sqlite /data/app.db'],
      ],
      [
        'the environment, set',
        "$p = $_ENV['DB'] ?? '/data/app.db'; new SQLite3($p);",
        ['sqlite /d/x.db'],
        { environment: { DB: '/d/x.db' } },
      ],
      ['filled in', "$p = getenv('DB'); if (!$p) { $p = '/data/app.db'; } new SQLite3($p);", ['sqlite /data/app.db']],
      ['a constant', "define('DB', '/data/a.db'); new SQLite3(DB);", ['sqlite /data/a.db']],
      [
        'a property',
        'class A { private $p = "/data/a.db"; function f() { return new SQLite3($this->p); } }',
        ['sqlite /data/a.db'],
      ],
      ['formatted', "new PDO(sprintf('sqlite:%s/a.db', '/data'));", ['sqlite /data/a.db']],
    ]),
  );
  table('php', [
    [
      'through a class and a constant of another file',
      {
        'public/index.php': "<?php\nrequire '../src/Store.php';\n$s = new Shop\\Store(Config::PATH);\n",
        'src/Config.php': "<?php\nnamespace Shop;\nclass Config { const PATH = '/data/shop.db'; }\n",
        'src/Store.php':
          "<?php\nnamespace Shop;\nuse PDO;\nclass Store { private PDO $db; function __construct(string $path = 'none') { $this->db = new PDO('sqlite:' . $path); } }\n",
      },
      ['sqlite /data/shop.db'],
    ],
  ]);
});

describe('PHP: catches not', () => {
  table(
    'php',
    pages([
      ['memory', "new PDO('sqlite::memory:');", ['sqlite elsewhere']],
      ['a temporary database', "new PDO('sqlite:');", ['sqlite elsewhere']],
      ['SQLite3 in memory', "new SQLite3(':memory:');", []],
      ['SQLite3 without a name', "new SQLite3('');", []],
      ['for reading', "new SQLite3('/d/x.db', SQLITE3_OPEN_READONLY);", ['sqlite /d/x.db (read only)']],
      ['another database', "new PDO('mysql:host=db;dbname=x');", []],
      ['any database', "new PDO(getenv('DSN'));", []],
      [
        'the environment names a server',
        "new PDO(getenv('DSN') ?: 'sqlite:/x.db');",
        ['sqlite elsewhere'],
        { environment: { DSN: 'mysql:host=db' } },
      ],
      ['a comment', "// new PDO('sqlite:/x.db');", []],
      ['a comment with a hash', "# new SQLite3('/x.db');", []],
      ['a text', 'echo "new SQLite3(\'/x.db\')";', []],
      ['HTML around the code', "?><p>new SQLite3('/x.db')</p><?php", []],
      ['a class of the same name', "use Example\\PDO; new PDO('sqlite:/x.db');", []],
      ['a function of the same name', "SQLite3('/x.db');", []],
      ['a variable that the request sets', "new SQLite3($_GET['db']);", ['sqlite ?']],
      ['a variable set twice', "$p = '/a.db'; $p = '/b.db'; new SQLite3($p);", ['sqlite ?']],
      ['set in a branch', "$p = '/a.db'; if ($debug) { $p = '/b.db'; } new SQLite3($p);", ['sqlite ?']],
      ['a function that is not known', "new SQLite3(storage_path('x.db'));", ['sqlite ?']],
      ['the folder for temporary files', "new SQLite3(sys_get_temp_dir() . '/x.db');", ['sqlite /tmp/x.db']],
    ]),
  );
  const OPEN = "<?php\nnew SQLite3('/data/x.db');\n";
  table('php', [
    ['a test', { 'tests/index.php': OPEN }, []],
    ['a test by its name', { 'src/StoreTest.php': OPEN }, []],
    ['an example', { 'examples/index.php': OPEN }, []],
    ['a library', { 'vendor/x/y/Store.php': OPEN }, []],
    [
      'a function that nobody calls',
      { 'lib.php': "<?php\nfunction open_old() { return new SQLite3('/data/x.db'); }\n" },
      [],
    ],
    ['a relative path in an included file', { 'src/Store.php': "<?php\nnew PDO('sqlite:app.db');\n" }, ['sqlite ?']],
  ]);
});
