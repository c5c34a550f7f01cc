import { describe } from 'vitest';
import { table } from './scanning.ts';

/** The imports, then what stands in a method. */
const program = (code: string): string => {
  const [imports = '', body = ''] = code.split('---');
  const lines = imports
    .trim()
    .split(/\s*;\s*/)
    .filter(Boolean)
    .map((one) => `import ${one};`);
  return `package shop;\n\n${lines.join('\n')}\n\npublic class Main {\n  public static void main(String[] args) throws Exception {\n${body}\n  }\n}\n`;
};

const JDBC = 'java.sql.DriverManager; java.nio.file.Paths; java.util.Optional ---';

describe('Java: catches', () => {
  table(
    'java',
    [
      ['SQLite', `${JDBC} DriverManager.getConnection("jdbc:sqlite:data/app.db");`, ['sqlite /app/data/app.db']],
      [
        'SQLite, absolute',
        'java.sql.* --- DriverManager.getConnection("jdbc:sqlite:/data/app.db");',
        ['sqlite /data/app.db'],
      ],
      [
        'H2 in a folder',
        `${JDBC} DriverManager.getConnection("jdbc:h2:./data/shop;AUTO_SERVER=TRUE", "sa", "");`,
        ['h2 /app/data/shop.mv.db'],
      ],
      ['H2 at home', `${JDBC} DriverManager.getConnection("jdbc:h2:~/shop");`, ['h2 /root/shop.mv.db']],
      ['H2 by file', `${JDBC} DriverManager.getConnection("jdbc:h2:file:/data/shop");`, ['h2 /data/shop.mv.db']],
      [
        'HSQLDB',
        `${JDBC} DriverManager.getConnection("jdbc:hsqldb:file:/data/shop;shutdown=true");`,
        ['hsqldb /data/shop.script'],
      ],
      ['Derby', `${JDBC} DriverManager.getConnection("jdbc:derby:/data/shop;create=true");`, ['derby /data/shop']],
      ['DuckDB', `${JDBC} DriverManager.getConnection("jdbc:duckdb:/data/x.duckdb");`, ['duckdb /data/x.duckdb']],
      [
        'a pool',
        'com.zaxxer.hikari.HikariConfig --- HikariConfig c = new HikariConfig(); c.setJdbcUrl("jdbc:sqlite:pool.db");',
        ['sqlite /app/pool.db'],
      ],
      [
        'a variable with a default',
        `${JDBC} String p = System.getenv().getOrDefault("DB", "a.db"); DriverManager.getConnection("jdbc:sqlite:" + p);`,
        ['sqlite /app/a.db'],
      ],
      [
        'a variable that is looked at',
        `${JDBC} String p = System.getenv("DB"); if (p == null || p.isBlank()) { p = "/d/a.db"; } DriverManager.getConnection("jdbc:sqlite:" + p);`,
        ['sqlite /d/a.db'],
      ],
      [
        'a choice',
        `${JDBC} String v = System.getenv("DB"); String p = v != null ? v : "a.db"; DriverManager.getConnection("jdbc:sqlite:" + p);`,
        ['sqlite /x.db'],
        { environment: { DB: '/x.db' } },
      ],
      [
        'an optional',
        `${JDBC} String p = Optional.ofNullable(System.getenv("DB")).orElse("a.db"); DriverManager.getConnection("jdbc:sqlite:" + p);`,
        ['sqlite /app/a.db'],
      ],
      [
        'a joined path',
        `${JDBC} DriverManager.getConnection("jdbc:sqlite:" + Paths.get("/data", "a.db").toString());`,
        ['sqlite /data/a.db'],
      ],
      ['MapDB', 'org.mapdb.DBMaker --- DBMaker.fileDB("file.db").make();', ['mapdb /app/file.db']],
    ],
    program,
  );
  table('java', [
    [
      'a constant, a field and a constructor',
      {
        'src/main/java/shop/Main.java':
          'package shop;\npublic class Main { public static void main(String[] a) { new Store(Paths.DATABASE); } }\n',
        'src/main/java/shop/Paths.java':
          'package shop;\nclass Paths { static final String DATABASE = "/data/shop.db"; }\n',
        'src/main/java/shop/Store.java':
          'package shop;\nimport java.sql.DriverManager;\nclass Store {\n  private final String path;\n  Store(String path) { this.path = path; }\n  void open() throws Exception { DriverManager.getConnection("jdbc:sqlite:" + path); }\n}\n',
      },
      ['sqlite /data/shop.db'],
    ],
  ]);
});

describe('Java: catches not', () => {
  const url = (text: string): string => `${JDBC} DriverManager.getConnection("${text}");`;
  table(
    'java',
    [
      ['H2 in memory', url('jdbc:h2:mem:test;DB_CLOSE_DELAY=-1'), ['h2 elsewhere']],
      ['an H2 server', url('jdbc:h2:tcp://db/shop'), ['h2 elsewhere']],
      ['H2 without a folder, which it refuses', url('jdbc:h2:shop'), ['h2 elsewhere']],
      ['H2 for reading', url('jdbc:h2:./x;ACCESS_MODE_DATA=r'), ['h2 /app/x.mv.db (read only)']],
      ['SQLite in memory', url('jdbc:sqlite::memory:'), ['h2 elsewhere']],
      ['SQLite in memory without a name', url('jdbc:sqlite:'), ['h2 elsewhere']],
      ['SQLite among the resources', url('jdbc:sqlite::resource:x.db'), ['h2 elsewhere']],
      ['HSQLDB in memory', url('jdbc:hsqldb:mem:x'), ['h2 elsewhere']],
      ['an HSQLDB server', url('jdbc:hsqldb:hsql://db/x'), ['h2 elsewhere']],
      ['Derby in memory', url('jdbc:derby:memory:x;create=true'), ['h2 elsewhere']],
      ['a Derby server', url('jdbc:derby://db:1527/x'), ['h2 elsewhere']],
      ['DuckDB in memory', url('jdbc:duckdb:'), ['h2 elsewhere']],
      ['a database server', url('jdbc:postgresql://db/shop'), []],
      ['any database', `${JDBC} DriverManager.getConnection(System.getenv("JDBC_URL"));`, []],
      [
        'the environment names a server',
        `${JDBC} DriverManager.getConnection(System.getenv().getOrDefault("JDBC_URL", "jdbc:sqlite:a.db"));`,
        ['h2 elsewhere'],
        { environment: { JDBC_URL: 'jdbc:postgresql://db/x' } },
      ],
      ['a comment', `${JDBC} // DriverManager.getConnection("jdbc:sqlite:a.db");`, []],
      ['a text', `${JDBC} System.out.println("jdbc:sqlite:a.db");`, []],
      ['another DriverManager', 'example.DriverManager --- DriverManager.getConnection("jdbc:sqlite:a.db");', []],
      ['an argument', `${JDBC} DriverManager.getConnection("jdbc:sqlite:" + args[0]);`, ['h2 ?']],
      ['a property', `${JDBC} DriverManager.getConnection("jdbc:sqlite:" + System.getProperty("db"));`, ['h2 ?']],
      [
        'a path set twice',
        `${JDBC} String p = "a.db"; p = "b.db"; DriverManager.getConnection("jdbc:sqlite:" + p);`,
        ['h2 ?'],
      ],
      [
        'a temporary file',
        `java.sql.DriverManager; java.io.File --- DriverManager.getConnection("jdbc:sqlite:" + File.createTempFile("a", "b"));`,
        ['sqlite /tmp'],
      ],
    ],
    program,
  );
  const OPEN = program('java.sql.DriverManager --- DriverManager.getConnection("jdbc:sqlite:x.db");');
  table('java', [
    ['a test', { 'src/test/java/shop/Main.java': OPEN }, []],
    ['a test by its name', { 'src/main/java/shop/MainTest.java': OPEN }, []],
    ['an example', { 'examples/Main.java': OPEN }, []],
    [
      'a private method that nobody calls',
      {
        'A.java':
          'import java.sql.DriverManager;\nclass A { private static void old() { DriverManager.getConnection("jdbc:sqlite:x.db"); } }\n',
      },
      [],
    ],
    [
      'a field that a framework sets',
      {
        'A.java':
          'import java.sql.DriverManager;\nclass A { @Value("${db}") private String p; void f() { DriverManager.getConnection("jdbc:sqlite:" + p); } }\n',
      },
      ['h2 ?'],
    ],
    [
      'called with different paths',
      {
        'A.java':
          'import java.sql.DriverManager;\nclass A { static void f(String p) { DriverManager.getConnection("jdbc:sqlite:" + p); } static void g() { A.f("a"); A.f("b"); } }\n',
      },
      ['h2 ?'],
    ],
  ]);
});

describe('Java: several modules', () => {
  const OPEN = program('java.sql.DriverManager --- DriverManager.getConnection("jdbc:sqlite:x.db");');
  const modules = { 'server/src/main/java/A.java': OPEN, 'tools/src/main/java/B.java': OPEN.replace('x.db', 'y.db') };
  table('java', [
    ['the one that is copied', modules, ['sqlite /app/x.db'], { building: { copied: ['/src/server/target/app.jar'] } }],
    ['the one that is built', modules, ['sqlite /app/y.db'], { building: { commands: ['./gradlew :tools:bootJar'] } }],
    ['none where none is named', modules, [], { building: { commands: ['mvn package'] } }],
    [
      'none of a name that is part of another',
      modules,
      [],
      { building: { copied: ['/src/servers/x.jar', 'tools-old'] } },
    ],
  ]);
});
