/** Text inside Markdown: what a file or an engine says must not become markup. */

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

export const plain = (text: string): string =>
  oneLine(text)
    .replace(/[\\`*_{}[\]<>()#+!|~&$]/g, '\\$&')
    .replace(/^( ?)([-=])/, '$1\\$2')
    .replace(/^( ?\d+)\./, '$1\\.');

/** A code span: table cells are cut at `|` even inside one, and it must not end at a backtick of its own. */
export const code = (text: string): string =>
  text.includes('`') || text.trim() === '' ? plain(text) : `\`${oneLine(text).replaceAll('|', '\\|')}\``;

export const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** A heading without rows is no table: nothing then. */
export const table = (heading: readonly string[], rows: readonly (readonly string[])[]): string =>
  rows.length === 0 ? '' : [heading, heading.map(() => '---'), ...rows].map(row).join('\n');
