import { missingBuildPackages, obtainWorker, workerBuildPackages } from '../../infra/worker/obtain.mjs';
import { ROOT } from './paths.mjs';
import { SetupProblem } from './problem.mjs';
import { aptLine } from './system-packages.mjs';

/**
 * The system packages that the worker needs: those for compiling it, and only where it is neither named, cached nor
 * published for this machine. Must run when node_modules is there.
 */
export async function packagesForWorker(report) {
  if (missingBuildPackages().length === 0) return [];
  report.progress('looking for a ready-made mediasoup-worker');
  try {
    await obtainWorker({ root: ROOT });
    return [];
  } catch (error) {
    // Any other failure is told by the worker step, which meets it again.
    return error?.code === 'WORKER_PACKAGES_MISSING' ? workerBuildPackages : [];
  }
}

/** Finds or makes the worker; says which one it took and why. */
export async function provideWorker(report) {
  try {
    const { source, reason } = await obtainWorker({
      root: ROOT,
      log: (text) => report.progress(text),
      progress: ({ done, total }) => report.progress(`compiling, ${done} of ${total} (this happens once)`),
    });
    return `${source}: ${reason}`;
  } catch (error) {
    throw asProblem(error);
  }
}

function asProblem(error) {
  switch (error?.code) {
    case 'WORKER_NO_MEDIASOUP':
      return new SetupProblem(error.message, 'npm ci --ignore-scripts');
    case 'WORKER_OVERRIDE_UNUSABLE':
      return new SetupProblem(
        error.message,
        'point MEDIASOUP_WORKER_BIN at a working mediasoup-worker, or unset it',
      );
    case 'WORKER_PACKAGES_MISSING':
      return new SetupProblem(error.message, aptLine(error.packages));
    case 'WORKER_BUILD_FAILED':
      return new SetupProblem(
        error.message,
        `read ${error.logFile ?? 'the log'}; a ready-made worker can be named with MEDIASOUP_WORKER_BIN`,
      );
    case 'WORKER_PLATFORM_UNSUPPORTED':
      return new SetupProblem(
        error.message,
        'name a mediasoup-worker for this platform with MEDIASOUP_WORKER_BIN',
      );
    default:
      return error;
  }
}
