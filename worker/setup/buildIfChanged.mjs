import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from './run.mjs';

const STAMP = join(ROOT, 'dist/built');
const SOURCES = ['shared', 'worker', 'layout-app', 'package-lock.json', 'tsconfig.json'];

/** Builds worker, recorder and layout app, where a source is newer than the last build. */
export function buildIfChanged(say) {
  const builtAtMs = existsSync(STAMP) ? statSync(STAMP).mtimeMs : 0;
  if (SOURCES.every((name) => newestMs(join(ROOT, name)) <= builtAtMs)) return;
  say('building');
  const startedAt = new Date();
  run('npm', ['run', '--silent', 'build']);
  writeFileSync(STAMP, startedAt.toISOString());
}

function newestMs(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}
