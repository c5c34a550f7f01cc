import * as path from 'node:path';
import type { AnalysedProject, AnalysedService, AnalysedStore } from '../../stores/model.ts';
import { classOf } from '../../stores/source/technologies.ts';
import { isWithin } from '../../survival/backing.ts';
import { volumeFix } from '../fixes.ts';
import { fateSentence, finding, losses } from '../losses.ts';
import { receivers, sharers } from '../receivers.ts';
import type { Rule } from '../rule.ts';

/** An embedded database in the same folder is told of already, and one volume keeps both. */
const isTold = (one: AnalysedStore, { stores }: AnalysedService): boolean =>
  stores.some(
    ({ store }) =>
      store !== one.store &&
      store.role === 'embedded' &&
      store.kind !== 'cache' &&
      store.path !== null &&
      (store.isFile ? path.posix.dirname(store.path) : store.path) === one.store.path &&
      !['files', 'uploads'].includes(store.technology),
  );

/** The image ships files there: a volume would keep those of today over those of the next image. */
const shipsFiles = (directory: string, { placed }: AnalysedService): boolean =>
  [...placed.image.keys()].some((at) => isWithin(at, directory) && !path.posix.basename(at).startsWith('.'));

/** Of the services that run the same code those are told of that are sent the files. */
const receives = (analysed: AnalysedService, one: AnalysedStore, project: AnalysedProject): boolean =>
  receivers(sharers(one, project), project.project).includes(analysed);

const rule: Rule = {
  name: 'uploads-not-mounted',
  severity: 'warning',
  summary: 'The application writes what users upload to a folder that is in no volume.',
  rationale:
    "Django's MEDIA_ROOT, Active Storage on disk, Laravel's and Strapi's local disks, Flask's UPLOAD_FOLDER, what FastAPI and Streamlit programs write themselves, multer, formidable, the handlers of Fastify and busboy, and programs of Node that write what multer or NestJS hold in memory put uploaded files into a folder beside the program. Without a volume the files are part of the container and gone at the next `up --build`, while the database still refers to them. So are the artifacts that a server of MLflow takes in, in ./mlartifacts of the folder it is started in. Said only where the code tells the folder for certain, and where nothing that the files come by hands them on to an object store; of several services that run this code at the one that is asked over HTTP.",
  bad: "services:\n  app:\n    build: .   # settings.py: MEDIA_ROOT = BASE_DIR / 'media'\n",
  good: 'services:\n  app:\n    build: .\n    volumes:\n      - app_media:/app/media\n\nvolumes:\n  app_media:\n',
  fixSafety: 'migration',
  fixNote:
    'A new volume starts with what the image holds there: what the running container has added has to be copied into it. No fix is offered where the image ships files of its own in the folder.',
  since: '0.2.0',
  *check(context) {
    for (const loss of losses(context, 'missing')) {
      const { analysed, one, directory } = loss;
      const { role, technology } = one.store;
      if (role !== 'embedded' || classOf(technology) !== 'uploads') continue;
      if (directory === analysed.image.workdir || isTold(one, analysed)) continue;
      if (!receives(analysed, one, context.analysed)) continue;
      yield finding(context, loss, 'warning', {
        message: `no volume for ${directory}: what is uploaded there ${fateSentence(context, one)}`,
        span: analysed.service.key,
        fixes: () => (shipsFiles(directory, analysed) ? [] : volumeFix(context, analysed, one, directory)),
      });
    }
  },
};

export default rule;
