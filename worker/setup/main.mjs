// npm run setup: makes a fresh clone ready. Plain JavaScript without packages, since it runs before there are any.
//   --test    also the programs that only the tests need
//   --peers   also the servers that tests record from and upload to
//   --check   also checks the sources, while those servers are installed
//   --quiet   says only what it changes
import { buildIfChanged } from './buildIfChanged.mjs';
import { installPackages } from './installPackages.mjs';
import { installPrograms } from './installPrograms.mjs';
import { run, start } from './run.mjs';

const flags = new Set(process.argv.slice(2));
const say = (text) => console.error(`setup: ${text}`);

try {
  // The peers are compiled, which keeps the processors busy, while the rest mostly waits for the network and
  // the disk.
  const peers = flags.has('--peers') ? start('node', ['test/peers/installPeers.mjs']) : null;
  installPackages(say);
  await installPrograms({ forTests: flags.has('--test'), say });
  buildIfChanged(say);
  if (flags.has('--check')) run('npm', ['run', '--silent', 'check']);
  await peers;
  if (!flags.has('--quiet')) say('ready');
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
