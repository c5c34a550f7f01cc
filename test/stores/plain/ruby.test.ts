import { describe } from 'vitest';
import { table } from './scanning.ts';

describe('Ruby: catches', () => {
  table('rb', [
    ['sqlite3', "require 'sqlite3'\ndb = SQLite3::Database.new('app.db')", ['sqlite /app/app.db']],
    ['sqlite3 without parentheses', 'db = SQLite3::Database.open "data/app.db"', ['sqlite /app/data/app.db']],
    ['with a block', "SQLite3::Database.new('/data/app.db') { |db| db.execute('') }", ['sqlite /data/app.db']],
    ['Sequel', "DB = Sequel.sqlite('blog.db')", ['sqlite /app/blog.db']],
    ['Sequel by URL', "DB = Sequel.connect('sqlite://blog.db')", ['sqlite /app/blog.db']],
    ['Sequel by options', "Sequel.connect(adapter: 'sqlite', database: '/data/u.db')", ['sqlite /data/u.db']],
    [
      'ActiveRecord',
      "ActiveRecord::Base.establish_connection(:adapter => 'sqlite3', :database => 'db/x.sqlite3')",
      ['sqlite /app/db/x.sqlite3'],
    ],
    ['the environment with a default', "SQLite3::Database.new(ENV.fetch('DB', '/data/a.db'))", ['sqlite /data/a.db']],
    ['the environment with a block', "SQLite3::Database.new(ENV.fetch('DB') { '/data/a.db' })", ['sqlite /data/a.db']],
    [
      'the environment or else',
      "path = ENV['DB'] || File.join(__dir__, 'a.db')\nSQLite3::Database.new(path)",
      ['sqlite /app/a.db'],
    ],
    [
      'filled in',
      "path = ENV['DB']\npath ||= '/data/a.db'\nSQLite3::Database.new(path)",
      ['sqlite /x/b.db'],
      { environment: { DB: '/x/b.db' } },
    ],
    [
      'a path beside the file',
      "SQLite3::Database.new(File.expand_path('../data/a.db', __FILE__))",
      ['sqlite /app/data/a.db'],
    ],
    ['a method', "def path\n  '/data/a.db'\nend\nSQLite3::Database.new(path)", ['sqlite /data/a.db']],
    [
      'an instance variable',
      "class A\n  def initialize\n    @p = '/data/a.db'\n  end\n  def open\n    SQLite3::Database.new(@p)\n  end\nend",
      ['sqlite /data/a.db'],
    ],
    [
      'through a class',
      "class A\n  def initialize(path)\n    @db = SQLite3::Database.new(path)\n  end\nend\nA.new('/data/z.db')",
      ['sqlite /data/z.db'],
    ],
  ]);
});

describe('Ruby: catches not', () => {
  table('rb', [
    ['memory', "SQLite3::Database.new(':memory:')", []],
    ['Sequel in memory', 'DB = Sequel.sqlite', []],
    ['Sequel in memory by URL', "Sequel.connect('sqlite:/')", ['sqlite elsewhere']],
    ['for reading', "SQLite3::Database.new('a.db', readonly: true)", ['sqlite /app/a.db (read only)']],
    ['another database', "Sequel.connect('postgres://db/x')", []],
    ['another adapter', "Sequel.connect(adapter: 'postgres', database: 'x')", []],
    ['any database', "Sequel.connect(ENV['DATABASE_URL'])", []],
    [
      'the environment names a server',
      "Sequel.connect(ENV.fetch('DATABASE_URL', 'sqlite://x.db'))",
      ['sqlite elsewhere'],
      { environment: { DATABASE_URL: 'postgres://db/x' } },
    ],
    ['a comment', "# SQLite3::Database.new('a.db')", []],
    ['a block comment', "=begin\nSQLite3::Database.new('a.db')\n=end", []],
    ['after the end', "puts 1\n__END__\nSQLite3::Database.new('a.db')", []],
    ['a text', 'puts "SQLite3::Database.new(1)"', []],
    ['another class', "Mongo::Database.new('a.db')\nSQLite3::VERSION", []],
    ['a symbol of the same name', "puts :'SQLite3::Database.new'", []],
    ['a constant set twice', "P = 'a.db'\nP = 'b.db'\nSQLite3::Database.new(P)", ['sqlite ?']],
    ['an argument', 'SQLite3::Database.new(ARGV[0])', ['sqlite ?']],
    ['a variable without a value', "SQLite3::Database.new(ENV['DB'])", ['sqlite ?']],
    ['a variable set twice', "p = 'a.db'\np = 'b.db'\nSQLite3::Database.new(p)", ['sqlite ?']],
    ['set in a branch', "p = 'a.db'\nif debug\n  p = 'b.db'\nend\nSQLite3::Database.new(p)", ['sqlite ?']],
    ['set behind a condition', "p = 'a.db'\np = 'b.db' if debug?\nSQLite3::Database.new(p)", ['sqlite ?']],
    ['the root of Rails', "SQLite3::Database.new(Rails.root.join('x.db'))", ['sqlite ?']],
    ['a temporary folder', "SQLite3::Database.new(File.join(Dir.mktmpdir, 'x.db'))", ['sqlite /tmp/x.db']],
    ['a parameter without a call', 'def open(p)\n  SQLite3::Database.new(p)\nend', ['sqlite ?']],
    ['a spec', { 'spec/a.rb': "SQLite3::Database.new('a.db')" }, []],
    ['a spec by its name', { 'lib/a_spec.rb': "SQLite3::Database.new('a.db')" }, []],
    ['a test by its name', { 'lib/a_test.rb': "SQLite3::Database.new('a.db')" }, []],
    ['an example', { 'examples/a.rb': "SQLite3::Database.new('a.db')" }, []],
    ['a seed', { 'db/seeds/a.rb': "SQLite3::Database.new('a.db')" }, []],
    ['a gem', { 'vendor/a/a.rb': "SQLite3::Database.new('a.db')" }, []],
    [
      'methods of one name in two classes',
      "class A\n  def path = '/a.db'\nend\nclass B\n  def path = '/b.db'\nend\nSQLite3::Database.new(path)",
      ['sqlite ?'],
    ],
  ]);
});
