/** A file that needs more lines holds more than one idea. */
export const MAX_LINES = 400;

const SOURCE = /\.(ts|mts|cts|js|mjs|cjs|vue|css|h|hpp|cpp|cc|sh)$/;
const TEXT =
  /\.(ts|mts|cts|js|mjs|cjs|vue|css|h|hpp|cpp|cc|sh|md|json|ya?ml|txt|html|svg)$|(^|\/)Dockerfile$|^\.ci\//;
/** Written by programs. */
const GENERATED = /(^|\/)package-lock\.json$|^docs\/protocol\.md$/;

const PATTERNS = [
  [/\b(TODO|FIXME|XXX|HACK)\b/, 'a loose end: do it, or open an issue'],
  [/(^|[\s'"`(=])\/(home|Users|work|root)\/[\w.-]+/, 'a path of one machine'],
  [/\bdebugger\b;/, 'a debugger statement'],
  [/^(<<<<<<<|>>>>>>>) /, 'a merge conflict'],
];

/** The patterns above have to be written down somewhere. */
const EXEMPT = /^scripts\/checks\//;

/**
 * @param {string} path relative to the repository, with forward slashes
 * @param {() => string} read gives the content; called for text files only
 * @returns {string[]} one line for each problem
 */
export function problemsOf(path, read) {
  if (GENERATED.test(path) || !TEXT.test(path)) return [];
  const lines = read().split('\n');
  const found = [];
  // The newline at the end makes one entry more than there are lines.
  const count = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  if (SOURCE.test(path) && count > MAX_LINES)
    found.push(`${path}: ${count} lines, at most ${MAX_LINES} are allowed`);
  if (EXEMPT.test(path)) return found;
  lines.forEach((text, index) => {
    for (const [pattern, why] of PATTERNS)
      if (pattern.test(text)) found.push(`${path}:${index + 1}: ${why}: ${text.trim().slice(0, 80)}`);
  });
  return found;
}
