/** For `inspect -f`: one line a mount. */
export const mountsFormat = (parts: readonly string[]): string =>
  `'{{range .Mounts}}${parts.map((part) => `{{.${part}}}`).join(' ')}{{"\\n"}}{{end}}'`;
