// The tables of docs/catalogue.md that repeat the schema.
const BEGIN = '<!-- fields: written by scripts/catalogue-doc.mjs from server/catalogue/schema.json -->';
const END = '<!-- end of the fields -->';

/** The document with its tables as the schema has them now. */
export function withFields(text, schema) {
  const [before, rest] = split(text, BEGIN);
  const [, after] = split(rest, END);
  return `${before}${BEGIN}\n\n${fields(schema)}\n\n${END}${after}`;
}

function split(text, mark) {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`docs/catalogue.md has lost its mark: ${mark}`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}

function fields(schema) {
  const { dataPath, relocation, when } = schema.definitions;
  return [
    table('A family', schema, schema),
    table('A path of `data`', dataPath, schema),
    table('An entry of `relocations`', relocation, schema),
    table('`when`: all of it must hold', when, schema),
  ].join('\n\n');
}

function table(title, of, schema) {
  const rows = Object.entries(of.properties).map(([key, value]) => {
    const definition = value.$ref ? schema.definitions[value.$ref.split('/').at(-1)] : value;
    const required = of.required?.includes(key) ? '**required**' : '';
    const meaning = [value.description ?? definition.description, choices(definition)].filter(Boolean).join(' ');
    return `| \`${key}\` | ${required} | ${meaning.replaceAll('|', '\\|')} |`;
  });
  return [`### ${title}`, '', '| key | | |', '| --- | --- | --- |', ...rows].join('\n');
}

const choices = ({ enum: values }) => (values ? values.map((value) => `\`${value}\``).join(', ') : '');
