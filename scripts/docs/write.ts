import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withConfigTable } from './config-table.ts';
import { protocolPage } from './protocol.ts';

// npm run docs: writes what is derived from the sources.
const root = join(import.meta.dirname, '../..');
mkdirSync(join(root, 'docs'), { recursive: true });
writeFileSync(join(root, 'docs/protocol.md'), protocolPage());
const readme = join(root, 'README.md');
writeFileSync(readme, withConfigTable(readFileSync(readme, 'utf8')));
process.stdout.write('docs/protocol.md and the configuration table of README.md are written.\n');
