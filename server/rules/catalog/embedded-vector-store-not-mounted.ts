import { classOf } from '../../stores/source/technologies.ts';
import { volumeFix } from '../fixes.ts';
import { dataOf, fateSentence, finding, losses } from '../losses.ts';
import type { Rule } from '../rule.ts';

const rule: Rule = {
  name: 'embedded-vector-store-not-mounted',
  severity: 'warning',
  summary: 'The application opens a vector store in a folder that is in no volume.',
  rationale:
    'An embedded Chroma, FAISS, LanceDB, LlamaIndex, Milvus Lite or Qdrant index is a folder of files beside the program. Without a volume it is part of the container, and is gone at the next `up --build`. A restart keeps it, which is why the loss shows only at the next deploy.',
  bad: 'services:\n  app:\n    build: .   # app.py: chromadb.PersistentClient(path="./vector_store")\n',
  good: 'services:\n  app:\n    build: .\n    volumes:\n      - app_data:/app/vector_store\n\nvolumes:\n  app_data:\n',
  fixSafety: 'migration',
  fixNote:
    'A new volume starts with what the image holds there: what the running container has added has to be copied into it.',
  since: '0.1.0',
  *check(context) {
    for (const loss of losses(context, 'missing')) {
      const { analysed, one, directory } = loss;
      if (one.store.role !== 'embedded' || classOf(one.store.technology) !== 'vectors') continue;
      yield finding(context, loss, 'warning', {
        message: `no volume for ${directory}: ${dataOf(one)} ${fateSentence(context, one)}`,
        span: analysed.service.key,
        fixes: () => volumeFix(context, analysed, one, directory),
      });
    }
  },
};

export default rule;
