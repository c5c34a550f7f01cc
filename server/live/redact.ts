/** Takes secrets out of what a container, a client or a log says, before anybody sees it. */

const SECRET_NAME = /PASS|PWD|SECRET|TOKEN|KEY|CREDENTIAL|AUTH|PRIVATE|COOKIE|SALT|DSN/i;
/** Not secret, although their names look it. */
const PLAIN = /^(AUTHN?_(ENABLED|TYPE)|.*_(ENABLED|FILE|TYPE|PROVIDER)|PWD|KEYSPACE.*)$/i;
const FLAG = /^--?(requirepass|masterauth|password|passwd|pass|pwd|token|secret|api-key|master-key|auth)$/i;
const FLAG_WITH_VALUE =
  /^--?(?:requirepass|masterauth|password|passwd|pass|pwd|token|secret|api-key|master-key|auth)=(.+)$/i;
const IN_URL = /\b([a-z][a-z0-9+.-]*:\/\/[^\s/:@]*):([^\s/@]+)@/gi;
const SHORTEST = 3;
const HIDDEN = '***';

/** The values that must not be shown. */
export function secretsOf(
  environment: Iterable<readonly [name: string, value: string]>,
  argv: readonly string[],
): string[] {
  const found = new Set<string>();
  for (const [name, value] of environment) {
    if (SECRET_NAME.test(name) && !PLAIN.test(name)) found.add(value);
    for (const [, , password] of value.matchAll(IN_URL)) found.add(password!);
  }
  argv.forEach((word, index) => {
    const value = FLAG_WITH_VALUE.exec(word)?.[1] ?? (FLAG.test(word) ? argv[index + 1] : undefined);
    if (value !== undefined) found.add(value);
  });
  // A value such as `1` or `no` would blacken half the text. The longest first, since one may hold another.
  return [...found].filter((value) => value.length >= SHORTEST).sort((a, b) => b.length - a.length);
}

export function redacted(text: string, secrets: readonly string[]): string {
  let shown = text;
  for (const secret of secrets) shown = shown.replaceAll(secret, HIDDEN);
  return shown.replace(IN_URL, `$1:${HIDDEN}@`);
}
