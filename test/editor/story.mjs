// What the UI test looks for in fixtures/workspace.
export const STORY = {
  file: 'compose.yaml',
  /** The line where the fix is offered. */
  line: /^\s*chroma:$/,
  rule: 'missing-volume',
  message: 'no volume for /data',
  fix: 'Add the named volume chroma_data for /data',
  step: 'Stop the service and keep its container',
  repaired: '    volumes:\n      - chroma_data:/data\n\nvolumes:\n  chroma_data:\n',
};
