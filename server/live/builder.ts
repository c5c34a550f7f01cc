/** What an engine tells while it builds: a line of JSON for each step, and the error in the last. */
const LONGEST = 300;

/** Reads to the end. @returns why it failed, on one line; null when it did not */
export async function builderSays(stream: AsyncIterable<Uint8Array | string>): Promise<string | null> {
  const decoder = new TextDecoder();
  let rest = '';
  let failed: string | null = null;
  for await (const chunk of stream) {
    const lines = (rest + (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }))).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) failed = errorIn(line) ?? failed;
  }
  return errorIn(rest) ?? failed;
}

function errorIn(line: string): string | null {
  if (!line.includes('"error')) return null;
  try {
    const { error } = JSON.parse(line) as { readonly error?: unknown };
    return typeof error === 'string' ? error.replace(/\s+/g, ' ').trim().slice(0, LONGEST) : null;
  } catch {
    return null;
  }
}
