import { describe, expect, it } from 'vitest';
import { resolvePath } from '../../../server/stores/source/resolve.ts';
import { placeWith, scan, table } from './scanning.ts';

const TELETHON = 'import os\nfrom telethon import TelegramClient\n';
const PYROGRAM = 'import os\nfrom pyrogram import Client\n';

describe('Logins of Telegram: catches', () => {
  table('py', [
    ['Telethon', `${TELETHON}client = TelegramClient("me", 1, "x")`, ['sqlite /app/me.session']],
    ['Telethon with the ending', `${TELETHON}TelegramClient("/data/me.session", 1, "x")`, ['sqlite /data/me.session']],
    [
      'Telethon with a name of the environment',
      `${TELETHON}TelegramClient(os.environ["NAME"], 1, "x")`,
      ['sqlite /data/reader.session'],
      { NAME: '/data/reader' },
    ],
    [
      'Telethon with a name that may have the ending',
      `${TELETHON}TelegramClient(session=os.getenv("NAME", "me"), api_id=1)`,
      ['sqlite /app/other.session'],
      { NAME: 'other.session' },
    ],
    [
      'a class of its own',
      `${PYROGRAM}class Reader(Client):\n    def __init__(self):\n        super().__init__("me", api_id=1, workdir="/data")\nReader().run()`,
      ['sqlite /data/me.session'],
    ],
    ['Pyrogram in a folder', `${PYROGRAM}Client(name="me", workdir="logins")`, ['sqlite /app/logins/me.session']],
  ]);

  const FOLDERS: readonly (readonly [argv: readonly string[], path: string | null])[] = [
    [['python', 'main.py'], '/app/me.session'],
    [['python3', '-u', 'src/main.py'], '/app/src/me.session'],
    [['uv', 'run', '/srv/main.py'], '/srv/me.session'],
    [['python', '-m', 'reader'], null],
    [['reader'], null],
    [['./start.sh', 'main.py'], null],
  ];
  for (const [argv, path] of FOLDERS) {
    it(`Pyrogram beside the script: ${argv.join(' ')}`, async () => {
      const [store] = (await scan({ 'main.py': `${PYROGRAM}Client("me", 1, "x")` })).stores;
      const found = resolvePath(store!.path, { ...placeWith(), argv });
      expect(found).toEqual(path === null ? { unknown: 'it is not known which program runs' } : { path });
    });
  }
});

describe('Logins of Telegram: catches not', () => {
  table('py', [
    [
      'a text of its own',
      `${TELETHON}from telethon.sessions import StringSession\nTelegramClient(StringSession(os.environ["S"]), 1, "x")`,
      [],
    ],
    [
      'one or the other',
      `${TELETHON}from telethon.sessions import StringSession\ns = os.getenv("S")\nTelegramClient(StringSession(s) if s else "me", 1, "x")`,
      [],
    ],
    [
      'in memory',
      `${TELETHON}from telethon.sessions import MemorySession\nTelegramClient(MemorySession(), 1, "x")`,
      [],
    ],
    ['none', `${TELETHON}TelegramClient(None, 1, "x")`, []],
    ['in memory by name', `${TELETHON}TelegramClient(":memory:", 1, "x")`, []],
    ['a bot of Telethon', `${TELETHON}bot = TelegramClient("bot", 1, "x").start(bot_token=os.environ["T"])`, []],
    [
      'a bot that is started elsewhere',
      {
        'main.py': 'from client import bot\nbot.start(\n    bot_token="x",\n)',
        'client.py': `${TELETHON}bot = TelegramClient("bot", 1, "x")`,
      },
      [],
    ],
    ['a bot of Pyrogram', `${PYROGRAM}Client("bot", bot_token=os.environ["T"])`, []],
    ['Pyrogram in memory', `${PYROGRAM}Client("me", in_memory=True)`, []],
    ['Pyrogram with a login', `${PYROGRAM}Client("me", session_string=os.environ["S"])`, []],
    [
      'an older Pyrogram with a login',
      `${PYROGRAM}Client(os.environ["STRING_SESSION"], 1, "x")`,
      [],
      { STRING_SESSION: 'B' },
    ],
    ['arguments in a group', `${PYROGRAM}Client("me", **options)`, []],
    ['a client of something else', 'from mqtt import Client\nfrom pyrogram import filters\nClient("me")', []],
    ['a type', `${PYROGRAM}async def on(client: Client, message): pass`, []],
  ]);
});
