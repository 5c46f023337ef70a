import { buildIfChanged } from '../../worker/setup/buildIfChanged.mjs';

/** Makes the build that all tests of a run share, before the first of them. Plain JavaScript, as what it calls. */
export default function buildOnce() {
  buildIfChanged((text) => console.error(`tests: ${text}`));
}
