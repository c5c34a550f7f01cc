import { describe } from 'vitest';
import { table } from './scanning.ts';

const SETTINGS = "from pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent\nMEDIA_URL = '/media/'\n";
const MODELS =
  'from django.db import models\nclass Photo(models.Model):\n    file = models.ImageField(upload_to="p")\n';
const django = (settings: string, more: Record<string, string> = {}) => ({
  'shop/settings.py': SETTINGS + settings,
  'photos/models.py': MODELS,
  ...more,
});

describe('Uploads of Django: catches', () => {
  table('py', [
    ['a folder of the project', django("MEDIA_ROOT = BASE_DIR / 'media'\n"), ['uploads /app/media']],
    ['in the older way', django("import os\nMEDIA_ROOT = os.path.join(BASE_DIR, 'media')\n"), ['uploads /app/media']],
    [
      'a variable of the environment',
      django("import os\nMEDIA_ROOT = os.environ.get('MEDIA_ROOT', BASE_DIR / 'media')\n"),
      ['uploads /data/media'],
      { MEDIA_ROOT: '/data/media' },
    ],
    [
      'with its default storage, and static files elsewhere',
      django(
        "MEDIA_ROOT = '/srv/media'\nSTORAGES = {'default': {'BACKEND': 'django.core.files.storage.FileSystemStorage'}, 'staticfiles': {'BACKEND': 'whitenoise.storage.CompressedManifestStaticFilesStorage'}}\n",
      ),
      ['uploads /srv/media'],
    ],
    [
      'static files alone in STORAGES',
      django(
        "MEDIA_ROOT = '/srv/media'\nSTORAGES = {'staticfiles': {'BACKEND': 'whitenoise.storage.CompressedStaticFilesStorage'}}\n",
      ),
      ['uploads /srv/media'],
    ],
    [
      'in the settings for production',
      {
        'shop/settings/production.py': "MEDIA_ROOT = '/srv/media'\n",
        'shop/settings/local.py': "MEDIA_ROOT = '/home/me/media'\n",
        'photos/models.py': MODELS,
      },
      ['uploads /srv/media'],
    ],
    [
      'the default storage, called',
      {
        'shop/settings.py': `${SETTINGS}MEDIA_ROOT = BASE_DIR / 'media'\n`,
        'a/views.py': 'from django.core.files.storage import default_storage\ndefault_storage.save("a", f)\n',
      },
      ['uploads /app/media'],
    ],
  ]);
});

describe('Uploads of Django: catches not', () => {
  table('py', [
    ['nothing saves files', { 'shop/settings.py': `${SETTINGS}MEDIA_ROOT = BASE_DIR / 'media'\n` }, []],
    [
      'a form alone',
      {
        'shop/settings.py': `${SETTINGS}MEDIA_ROOT = BASE_DIR / 'media'\n`,
        'a/forms.py': 'from django import forms\nclass F(forms.Form):\n    file = forms.FileField()\n',
      },
      [],
    ],
    [
      'S3',
      django("MEDIA_ROOT = BASE_DIR / 'media'\nDEFAULT_FILE_STORAGE = 'storages.backends.s3boto3.S3Boto3Storage'\n"),
      [],
    ],
    [
      'S3 in STORAGES',
      django("MEDIA_ROOT = '/m'\nSTORAGES = {'default': {'BACKEND': 'storages.backends.s3.S3Storage'}}\n"),
      [],
    ],
    [
      'another storage of the project',
      django("MEDIA_ROOT = '/m'\nSTORAGES = {'default': {'BACKEND': 'shop.storage.Mine'}}\n"),
      [],
    ],
    ['another storage in the older way', django("MEDIA_ROOT = '/m'\nDEFAULT_FILE_STORAGE = 'shop.storage.Mine'\n"), []],
    [
      'a storage that the environment names',
      django("import os\nMEDIA_ROOT = '/m'\nSTORAGES = {'default': {'BACKEND': os.environ['STORAGE']}}\n"),
      [],
    ],
    ['storages changed once made', django("MEDIA_ROOT = '/m'\nSTORAGES['default'] = mine()\n"), []],
    ['Cloudinary', django("MEDIA_ROOT = '/m'\nINSTALLED_APPS = ['cloudinary_storage', 'cloudinary']\n"), []],
    [
      'S3 in the settings for production',
      django("MEDIA_ROOT = '/m'\n", {
        'shop/production.py': "DEFAULT_FILE_STORAGE = 'storages.backends.s3boto3.S3Boto3Storage'\n",
      }),
      [],
    ],
    ['settings that differ', django("MEDIA_ROOT = '/m'\n", { 'shop/production.py': "MEDIA_ROOT = '/n'\n" }), []],
    ['none', django('MEDIA_ROOT = None\n'), []],
    ['computed', django('MEDIA_ROOT = folder()\n'), []],
    ['only read', django('print(settings.MEDIA_ROOT)\n'), []],
    [
      'settings that are an example',
      { 'shop/settings/production.example.py': "MEDIA_ROOT = '/m'\n", 'photos/models.py': MODELS },
      [],
    ],
    ['settings for tests', { 'shop/settings/test.py': "MEDIA_ROOT = '/m'\n", 'photos/models.py': MODELS }, []],
  ]);
});

const FLASK =
  "import os\nfrom flask import Flask, send_from_directory\napp = Flask(__name__)\napp.config['UPLOAD_FOLDER'] = 'uploads'\n";
const SAVE = "def up(f):\n    f.save(os.path.join(app.config['UPLOAD_FOLDER'], f.filename))\n";
const SEND = "def down(name):\n    return send_from_directory(app.config['UPLOAD_FOLDER'], name)\n";
const FASTAPI =
  'from fastapi import FastAPI, UploadFile\nfrom fastapi.staticfiles import StaticFiles\napp = FastAPI()\n@app.post("/")\nasync def up(file: UploadFile): ...\n';

describe('Uploads of Flask and FastAPI: catches', () => {
  table('py', [
    ['Flask', FLASK + SAVE + SEND, ['uploads /app/uploads']],
    [
      'Flask, with a name',
      FLASK.replace("'uploads'", 'UPLOAD_FOLDER').replace('import os\n', "import os\nUPLOAD_FOLDER = '/data/up'\n") +
        SAVE +
        SEND,
      ['uploads /data/up'],
    ],
    [
      'Flask, among what is served anyway',
      FLASK.replace("'uploads'", "'static/up'") + SAVE,
      ['uploads /app/static/up'],
    ],
    [
      'FastAPI',
      `${FASTAPI}app.mount("/uploads", StaticFiles(directory="uploads"), name="u")\n`,
      ['uploads /app/uploads'],
    ],
  ]);
});

describe('Uploads of Flask and FastAPI: catches not', () => {
  table('py', [
    ['nothing is saved', FLASK + SEND, []],
    ['nothing is handed out', FLASK + SAVE, []],
    ['removed afterwards', `${FLASK + SAVE + SEND}def gone(p): os.remove(p)\n`, []],
    ['S3', `${FLASK + SAVE + SEND}import boto3\n`, []],
    ['a class for tests', `class TestConfig:\n    UPLOAD_FOLDER = 'x'\n${SAVE}${SEND}`, []],
    ['values that differ', `${FLASK + SAVE + SEND}app.config['UPLOAD_FOLDER'] = '/other'\n`, []],
    ['FastAPI without uploads', 'from fastapi.staticfiles import StaticFiles\nStaticFiles(directory="uploads")\n', []],
    ['static files of the program', `${FASTAPI}app.mount("/static", StaticFiles(directory="static"))\n`, []],
    ['another StaticFiles', 'class StaticFiles: pass\nUploadFile = 1\nStaticFiles(directory="uploads")\n', []],
    ['a folder that is computed', `${FASTAPI}StaticFiles(directory=folder())\n`, []],
  ]);
});
