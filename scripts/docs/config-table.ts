import { FIELDS } from '../../packages/sfu/src/config.ts';

const BEGIN = '<!-- configuration table: written by npm run docs -->';
const END = '<!-- end of configuration table -->';

/** Defaults that depend on the machine are said in words. */
const IN_WORDS: Readonly<Record<string, string>> = { workers: 'one per core' };

function defaultOf(key: keyof typeof FIELDS): string {
  if (IN_WORDS[key]) return IN_WORDS[key];
  const parsed = FIELDS[key].schema.safeParse(undefined);
  const value: unknown = parsed.success ? parsed.data : undefined;
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return '';
  return `\`${Array.isArray(value) ? value.join(',') : String(value)}\``;
}

/** The README with its configuration table made anew from the schema. */
export function withConfigTable(readme: string): string {
  const [before, rest] = readme.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error('README.md has lost the marks of its configuration table');
  const rows = (Object.keys(FIELDS) as (keyof typeof FIELDS)[]).map(
    (key) => `| \`${FIELDS[key].env}\` | \`${key}\` | ${defaultOf(key)} | ${FIELDS[key].doc} |`,
  );
  const table = ['| environment | in the file | default | what it does |', '|---|---|---|---|', ...rows].join(
    '\n',
  );
  return `${before}${BEGIN}\n\n${table}\n\n${END}${after}`;
}
