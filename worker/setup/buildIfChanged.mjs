import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashFiles } from './hashFiles.mjs';
import { ROOT, run } from './run.mjs';

/** package.json has the build command, package-lock.json the versions of the packages that are bundled. */
const SOURCES = ['shared', 'worker', 'layout-app', 'package.json', 'package-lock.json', 'tsconfig.json'];
/** What of the build is run; dist/types is what only the type checker reads. */
const RESULTS = ['shared', 'worker', 'layout-app', 'recorder', 'preload'].map((name) => join('dist', name));

/**
 * Builds worker, recorder and layout app, where the sources are not those of the last build, or where its results
 * are not as it left them (`npm run check` writes some of them as well). Contents are compared and not times, since
 * a source that is deleted or checked out again is no newer than the build. Throws where the build fails.
 */
export function buildIfChanged(say, { root = ROOT, build = npmRunBuild } = {}) {
  const dist = join(root, 'dist');
  /** Holds what the last build was made from, and what came of it. */
  const stamp = join(dist, 'built');
  const sources = hashFiles(root, SOURCES);
  const built = () => `sources ${sources}\nresults ${hashFiles(root, RESULTS)}\n`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === built()) return;
  say('building');
  // From nothing, since the compiler keeps the results of sources that are gone.
  rmSync(dist, { recursive: true, force: true });
  build();
  // A source that was changed meanwhile may be in the results or not.
  if (hashFiles(root, SOURCES) === sources) writeFileSync(stamp, built());
}

function npmRunBuild() {
  run('npm', ['run', '--silent', 'build']);
}
