import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashFiles } from './hashFiles.mjs';
import { ROOT, run } from './run.mjs';

/** package.json holds the build command, package-lock.json the versions of the bundled packages. */
const SOURCES = ['shared', 'worker', 'layout-app', 'package.json', 'package-lock.json', 'tsconfig.json'];
/** The parts of the build that are run. dist/types is read only by the type checker, so it is left out. */
const RESULTS = ['shared', 'worker', 'layout-app', 'composer', 'recorder', 'preload'].map((name) =>
  join('dist', name),
);

/**
 * Builds worker, recorder and layout app if the sources have changed since the last build, or if its results
 * have changed (`npm run check` writes some of them as well). It compares contents and not times, because a
 * source that is deleted or checked out again is no newer than the build. Throws if the build fails.
 */
export function buildIfChanged(say, { root = ROOT, build = npmRunBuild } = {}) {
  const dist = join(root, 'dist');
  /** Holds hashes of the sources and results of the last build. */
  const stamp = join(dist, 'built');
  const sources = hashFiles(root, SOURCES);
  const built = () => `sources ${sources}\nresults ${hashFiles(root, RESULTS)}\n`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === built()) return;
  say('building');
  // The old results are removed first, because the compiler keeps results whose source is gone.
  rmSync(dist, { recursive: true, force: true });
  build();
  // If a source was changed during the build, the results may or may not contain the change.
  if (hashFiles(root, SOURCES) === sources) writeFileSync(stamp, built());
}

function npmRunBuild() {
  run('npm', ['run', '--silent', 'build']);
}
