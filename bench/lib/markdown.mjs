// Tables of figures.
export const times = (value) => `${value.toFixed(value < 10 ? 2 : 1)} ×`;
export const ms = (value) => `${Math.round(value)} ms`;

const row = (cells) => `| ${cells.join(' | ')} |`;
export const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

export const targetTable = (list) =>
  table(
    ['target', 'reached', ''],
    list.map(({ target, reached, met }) => [target, reached, met ? 'met' : '**missed**']),
  );
