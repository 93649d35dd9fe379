import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const made = new Map<string, Promise<string>>();

/** One of the programs under `page/` as a self-contained script for `addInitScript` and its like. */
export function pageScript(name: 'probe' | 'fake-source' | 'portrait'): Promise<string> {
  let script = made.get(name);
  if (!script) made.set(name, (script = bundle(name)));
  return script;
}

async function bundle(name: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: {
        entry: fileURLToPath(new URL(`page/${name}.ts`, import.meta.url)),
        formats: ['iife'],
        name: 'page',
      },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (!output || !('output' in output)) throw new Error(`${name} was not built`);
  return output.output[0].code;
}
