import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { protocolPage } from './protocol.ts';

// npm run docs: writes the pages that are derived from the sources.
const folder = join(import.meta.dirname, '../../docs');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'protocol.md'), protocolPage());
process.stdout.write('docs/protocol.md is written.\n');
