import { describe } from 'vitest';
import { type Files, table } from './scanning.ts';

const STORE =
  'package store\nimport "github.com/boltdb/bolt"\ntype Store struct { db *bolt.DB }\nfunc New(path string) (*Store, error) {\n\tdb, err := bolt.Open(path, 0644, &bolt.Options{Timeout: 1})\n\tif err != nil { return nil, err }\n\treturn &Store{db: db}, nil\n}\n';
const JOINED = 'filepath.Join(cfg.DataDir, "main.db")';
const program = (config: string, path = JOINED, more: Files = {}): Files => ({
  'go.mod': 'module example.org/shop\n',
  'main.go': `package main\nimport ("example.org/shop/internal/config"; "example.org/shop/internal/store"; "path/filepath"; "github.com/spf13/viper")\nfunc main() {\n\tcfg := config.Get()\n\tstore.New(${path})\n}\n`,
  'internal/config/config.go': `package config\n${config}\n`,
  'internal/store/store.go': STORE,
  ...more,
});
const literal = (more = ''): string =>
  `type Config struct { DataDir string }\nvar Default = Config{DataDir: "data"}\nfunc Get() Config { return Default }\n${more}`;
const tagged = (tag: string, value = '', library = 'github.com/caarlos0/env/v11'): string =>
  `import "${library}"\ntype Config struct {\n\tDataDir string \`${tag}\`\n}\nfunc Get() Config { c := Config{${value}}; env.Parse(&c); return c }`;
const viper = (set: string): string =>
  `import "github.com/spf13/viper"\ntype Config struct {}\nfunc Get() Config { ${set}; return Config{} }`;
const ASKED = 'filepath.Join(viper.GetString("data_dir"), "main.db")';
const DEFAULT = 'viper.SetDefault("data_dir", "data")';

describe('Go, told from outside: catches', () => {
  table('go', [
    ['a default of a structure', program(literal()), ['bolt /app/data/main.db']],
    [
      'the same, made absolute',
      program(
        `import "path/filepath"\n${literal('func Load() { var err error; Default.DataDir, err = filepath.Abs(Default.DataDir); _ = err }')}`,
      ),
      ['bolt /app/data/main.db'],
    ],
    [
      'a function between',
      program(literal(), '', {
        'main.go':
          'package main\nimport ("example.org/shop/internal/config"; "example.org/shop/internal/app")\nfunc main() { app.Open(config.Get()) }\n',
        'internal/app/app.go':
          'package app\nimport ("example.org/shop/internal/config"; "example.org/shop/internal/store"; "path/filepath")\nfunc Open(cfg config.Config) { store.New(filepath.Join(cfg.DataDir, "main.db")) }\n',
      }),
      ['bolt /app/data/main.db'],
    ],
    ['a variable and its default', program(tagged('env:"DATA_DIR" envDefault:"data"')), ['bolt /app/data/main.db']],
    [
      'a variable that is set',
      program(tagged('env:"DATA_DIR" envDefault:"data"')),
      ['bolt /srv/main.db'],
      { environment: { DATA_DIR: '/srv' } },
    ],
    [
      'a variable over what the code sets',
      program(tagged('env:"DATA_DIR"', 'DataDir: "data"')),
      ['bolt /app/data/main.db'],
    ],
    [
      'the same, set',
      program(tagged('env:"DATA_DIR"', 'DataDir: "data"')),
      ['bolt /srv/main.db'],
      { environment: { DATA_DIR: '/srv' } },
    ],
    ['a default of viper', program(viper(DEFAULT), ASKED), ['bolt /app/data/main.db']],
    [
      'a variable of viper',
      program(viper(`viper.SetEnvPrefix("shop"); viper.AutomaticEnv(); ${DEFAULT}`), ASKED),
      ['bolt /srv/main.db'],
      { environment: { SHOP_DATA_DIR: '/srv' } },
    ],
    [
      'a variable by its name',
      program(viper(`viper.BindEnv("data_dir", "STATE"); ${DEFAULT}`), ASKED),
      ['bolt /srv/main.db'],
      { environment: { STATE: '/srv' } },
    ],
  ]);
});

describe('Go, told from outside: catches not', () => {
  table('go', [
    [
      'a configuration may say otherwise',
      program(literal().replace('DataDir string', 'DataDir string `yaml:"dir"`')),
      ['bolt ?'],
    ],
    ['two defaults', program(`${literal()}var Other = Config{DataDir: "other"}`), ['bolt ?']],
    [
      'changed on the way',
      program(`import "path/filepath"\n${literal('func Load(x string) { Default.DataDir = filepath.Abs(x) }')}`),
      ['bolt ?'],
    ],
    [
      'variables with a prefix',
      program(`${tagged('env:"DATA_DIR"', 'DataDir: "data"')}\n// every variable has the prefix SHOP_`),
      ['bolt ?'],
    ],
    ['a library of its own', program(tagged('env:"DATA_DIR"', 'DataDir: "data"', 'example.org/shop/env')), ['bolt ?']],
    [
      'the default and what the code sets differ',
      program(tagged('env:"DATA_DIR" envDefault:"d"', 'DataDir: "data"')),
      ['bolt ?'],
    ],
    ['a file of viper', program(viper(`viper.ReadInConfig(); ${DEFAULT}`), ASKED), ['bolt ?']],
    ['a flag of viper', program(viper(`viper.BindPFlag("data_dir", f); ${DEFAULT}`), ASKED), ['bolt ?']],
    ['viper without a default', program(viper('viper.AutomaticEnv()'), ASKED), ['bolt ?']],
    ['another setting of viper', program(viper('viper.SetDefault("log_dir", "data")'), ASKED), ['bolt ?']],
    [
      'a prefix that is computed',
      program(viper(`viper.SetEnvPrefix(name()); viper.AutomaticEnv(); ${DEFAULT}`), ASKED),
      ['bolt ?'],
    ],
    ['several defaults of viper', program(viper(`${DEFAULT}; viper.SetDefault("data_dir", "/x")`), ASKED), ['bolt ?']],
    ['nobody opens it', program(literal(), JOINED, { 'main.go': 'package main\nfunc main() {}\n' }), []],
    [
      'called with two paths',
      program(literal(), JOINED, {
        'other.go':
          'package main\nimport "example.org/shop/internal/store"\nfunc init() { store.New("/x/other.db") }\n',
      }),
      ['bolt ?'],
    ],
    [
      'a function of the same name in another package',
      program(literal(), JOINED, {
        'internal/cache/cache.go': 'package cache\nfunc New(path string) {}\nfunc use() { New("/x/other.db") }\n',
      }),
      ['bolt /app/data/main.db'],
    ],
  ]);
});
