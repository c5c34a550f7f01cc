// The story that the UI test plays: the first example, from its broken file to the repaired one.
export const STORY = {
  folder: 'examples/1-vector-index/broken',
  file: 'compose.yaml',
  problems: [
    {
      rule: 'embedded-vector-store-not-mounted',
      squiggle: 'squiggly-warning',
      message: 'no volume for /app/vector_store/data/chroma',
      service: 'recommender',
      fix: 'Add the named volume recommender_data for /app/vector_store/data/chroma',
      step: 'Stop the service and keep its container',
      repaired: 'recommender_data:/app/vector_store/data/chroma',
    },
    {
      rule: 'redis-no-aof',
      squiggle: 'squiggly-info',
      message: 'Redis writes to /data only from time to time',
      service: 'queue',
      fix: 'Switch the append-only file on',
      step: 'aof_rewrite_in_progress:0',
      repaired: 'redis-server --appendonly yes',
    },
  ],
};
