import { SetupProblem } from './problem.mjs';

/**
 * The set-up itself would do with any Node 20, but npm leaves out platform packages (the bundler's native part) whose
 * `engines` do not fit the Node that runs npm, and those say `^20.19 || >=22.12`.
 */
export function nodeProblem(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  if (fits) return null;
  return new SetupProblem(
    `Node.js ${version} runs this set-up; it needs 20.19 or newer (in the 22 line 22.12 or newer).`,
    'install a newer Node.js, for example from https://nodejs.org/en/download, and run the command again',
  );
}

export async function checkNode() {
  const problem = nodeProblem(process.version);
  if (problem) throw problem;
  const npm = /npm\/(\S+)/.exec(process.env['npm_config_user_agent'] ?? '')?.[1];
  return `${process.version}${npm ? `, npm ${npm}` : ''}`;
}
