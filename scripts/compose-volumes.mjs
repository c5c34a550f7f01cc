// The grammar that colors volume strings in Compose files (syntaxes/compose-volumes.injection.tmLanguage.json): its
// regular expressions are put together here from parts that have names.
import * as fs from 'node:fs';

/** ${NAME}, ${NAME:-default}; a default may hold another one. */
const VARIABLE = '\\$\\{(?:[^{}\\n]|\\$\\{[^{}\\n]*\\})*\\}';

/** Of a path: a blank or # only inside it, as YAML has it. */
const CHARACTER = `(?:${VARIABLE}|[^:\\s"'{}\\[\\],#]| (?=[^\\s#"'])|(?<=\\S)#)`;
const DRIVE = '[A-Za-z]:[\\\\/]';

/** A path of the host, or the name of a volume. */
const SOURCE = `(?:((?:${DRIVE}|(?=[./~\\\\$]))${CHARACTER}++)|((?!${DRIVE})\\w(?:${VARIABLE}|[\\w.-])*+))`;

/** A path in the container; what goes on with // is an address. */
const TARGET = `((?:/(?!/)|${DRIVE}|(?=\\$))${CHARACTER}*+)`;
const OPTIONS = '(?:(:)([A-Za-z][\\w,=-]*))?';
const BODY = `(?:${SOURCE}(:))?${TARGET}${OPTIONS}`;

/** What the groups of BODY are, of which the first has the number n. */
const parts = (n) => ({
  [n]: { name: 'string.other.path.source.compose', patterns: [{ include: '#variable' }] },
  [n + 1]: { name: 'entity.name.type.volume.compose', patterns: [{ include: '#variable' }] },
  [n + 2]: { name: 'keyword.operator.separator.compose' },
  [n + 3]: { name: 'variable.other.path.target.compose', patterns: [{ include: '#variable' }] },
  [n + 4]: { name: 'keyword.operator.separator.compose' },
  [n + 5]: { name: 'string.other.options.compose', patterns: [{ include: '#option' }] },
});

const grammar = {
  comment:
    'Volume strings, source:target:options, below the volumes of a service. It has to work inside two grammars of YAML: that of VS Code, whose rules are nested as the mappings are and have taken the indentation when a line gets here, and the flat one of the YAML extension, where a line gets here whole.',
  scopeName: 'compose.volumes.injection',
  injectionSelector: 'L:source.yaml - comment - string - meta.flow - meta.flow-mapping',
  patterns: [{ include: '#volumes' }],
  repository: {
    volumes: {
      comment: 'Not at the top level: what stands below volumes there are names, no strings.',
      begin: '(?<=^([ ]{1,40})["\']?volumes["\']?)[ \\t]*(:)(?=\\s)',
      beginCaptures: {
        2: { name: 'punctuation.separator.map.value.yaml punctuation.separator.key-value.mapping.yaml' },
      },
      while: '^(?=\\1(?: |-\\s)|[ ]*(?:#|$))|(?!^)\\G(?= |-\\s|#|$)',
      contentName: 'meta.volumes.compose',
      patterns: [
        { include: '#list' },
        { include: '#item' },
        { include: '#other-item' },
        { include: '#mapping' },
        { include: 'source.yaml' },
      ],
    },
    item: {
      match: `\\G([ ]*)(-)([ ]+)((?:[&!]\\S+[ ]+)*)((["']?)${BODY}(\\6))(?=[ \\t]*$|[ \\t]+#)`,
      captures: {
        2: { name: 'punctuation.definition.block.sequence.item.yaml' },
        4: { patterns: [{ include: 'source.yaml' }] },
        5: { name: 'string.other.volume.compose' },
        6: { name: 'punctuation.definition.string.begin.yaml' },
        ...parts(7),
        13: { name: 'punctuation.definition.string.end.yaml' },
      },
    },
    'other-item': {
      comment: 'The long syntax, an alias, what is no volume string: plain YAML to its end.',
      begin: '\\G([ ]*)(-)(?=\\s)',
      beginCaptures: { 2: { name: 'punctuation.definition.block.sequence.item.yaml' } },
      while: '\\G(?=\\1 |[ ]*(?:#|$))',
      patterns: [{ include: 'source.yaml' }],
    },
    mapping: {
      comment: 'A mapping is no list of volumes, whatever lists it holds.',
      begin: '\\G(?<=^[ ]{0,40})[ ]*(?=[^\\s#-])',
      while: '^|\\G',
      patterns: [{ include: 'source.yaml' }],
    },
    list: {
      comment: 'The list on the line of its key.',
      begin: '(?<=:)[ ]+(\\[)',
      beginCaptures: { 1: { name: 'punctuation.definition.sequence.begin.yaml' } },
      end: '\\]',
      endCaptures: { 0: { name: 'punctuation.definition.sequence.end.yaml' } },
      name: 'meta.flow.sequence.yaml',
      patterns: [
        {
          match: `(?<=[\\[,\\s])((["']?)${BODY}(\\2))(?=[ \\t]*[,\\]])`,
          captures: {
            1: { name: 'string.other.volume.compose' },
            2: { name: 'punctuation.definition.string.begin.yaml' },
            ...parts(3),
            9: { name: 'punctuation.definition.string.end.yaml' },
          },
        },
        { match: ',', name: 'punctuation.separator.sequence.yaml' },
        { match: '[^\\s,\\[\\]{}#"\'&*!][^,\\[\\]{}\\n]*', name: 'string.unquoted.plain.in.yaml' },
        { include: 'source.yaml' },
      ],
    },
    option: {
      patterns: [
        { match: ',', name: 'keyword.operator.separator.compose' },
        {
          comment: 'Those that Docker and Podman know; a misspelled one stays plain.',
          match:
            '(?<![\\w=-])(?:rw|ro|z|Z|U|O|copy|nocopy|cached|consistent|delegated|dev|nodev|exec|noexec|suid|nosuid|bind|rbind|r?shared|r?slave|r?private|r?unbindable|idmap)(?![\\w=-])',
          name: 'constant.language.option.compose',
        },
      ],
    },
    variable: {
      patterns: [
        { match: '\\$\\$', name: 'constant.character.escape.compose' },
        {
          begin: '(\\$\\{)(\\w+)(:?[-+?])?',
          beginCaptures: {
            1: { name: 'punctuation.section.embedded.begin.compose' },
            2: { name: 'variable.other.environment.compose' },
            3: { name: 'keyword.operator.default.compose' },
          },
          end: '\\}',
          endCaptures: { 0: { name: 'punctuation.section.embedded.end.compose' } },
          name: 'meta.interpolation.compose',
          patterns: [{ include: '#variable' }],
        },
        {
          match: '(\\$)(\\w+)',
          captures: {
            1: { name: 'punctuation.section.embedded.begin.compose' },
            2: { name: 'variable.other.environment.compose' },
          },
        },
      ],
    },
  },
};
export const grammarText = () => `${JSON.stringify(grammar, null, 2)}\n`;

export function generateGrammar() {
  const file = new URL('../syntaxes/compose-volumes.injection.tmLanguage.json', import.meta.url);
  if (fs.readFileSync(file, 'utf8') !== grammarText()) fs.writeFileSync(file, grammarText());
}
