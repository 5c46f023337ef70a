import { buildIfChanged } from '../../worker/setup/buildIfChanged.mjs';

/**
 * Makes the build that all tests of a run share, before the first of them. Plain JavaScript, like the module
 * that it calls.
 */
export default function buildOnce() {
  buildIfChanged((text) => console.error(`tests: ${text}`));
}
