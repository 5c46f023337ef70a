// npm run setup: makes a fresh clone ready. Plain JavaScript without packages, since it runs before there are any.
//   --test   also what only the tests need    --quiet   says only what it changes
import { buildIfChanged } from './buildIfChanged.mjs';
import { installPackages } from './installPackages.mjs';
import { installPrograms } from './installPrograms.mjs';
import { run } from './run.mjs';

const flags = new Set(process.argv.slice(2));
const say = (text) => console.error(`setup: ${text}`);

try {
  installPackages(say);
  await installPrograms({ forTests: flags.has('--test'), say });
  buildIfChanged(say);
  if (flags.has('--test')) run('node', ['test/peers/installPeers.mjs']);
  if (!flags.has('--quiet')) say('ready');
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
