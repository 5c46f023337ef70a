import { existsSync } from 'node:fs';
import { SYSTEM_BROWSERS } from '../browser/systemBrowsers.mjs';
import { has, ROOT, run } from './run.mjs';

/** What pocketsphinx needs to understand English, in Debian's package of it. */
const SPEECH_MODEL = '/usr/share/pocketsphinx/model/en-us/en-us';

/** The programs and fonts that are needed beside npm packages, and the Debian packages that contain them. */
const PROGRAMS = [
  { name: 'a browser', isThere: hasBrowser, debian: ['chromium'] },
  { name: 'redis-server', isThere: () => has('redis-server') || hasRedisUrl(), debian: ['redis-server'] },
  {
    name: 'fonts for every script',
    isThere: hasFonts,
    debian: ['fonts-noto-core', 'fonts-noto-cjk', 'fonts-noto-color-emoji'],
    isOptional: true,
  },
  { name: 'ffmpeg', isThere: () => has('ffmpeg'), debian: ['ffmpeg'], isForTests: true },
  { name: 'redis-server', isThere: () => has('redis-server'), debian: ['redis-server'], isForTests: true },
  { name: 'age', isThere: () => has('age'), debian: ['age'], isForTests: true, isOptional: true },
  {
    name: 'speech (for the tests of transcripts)',
    isThere: () => has('flite') && has('pocketsphinx_continuous') && existsSync(SPEECH_MODEL),
    debian: ['flite', 'pocketsphinx', 'pocketsphinx-en-us'],
    isForTests: true,
    isOptional: true,
  },
  {
    name: 'Firefox (for the studio’s tests)',
    isThere: () => has('firefox') || has('firefox-esr'),
    debian: ['firefox-esr'],
    isForTests: true,
    isOptional: true,
  },
];

/**
 * Installs what is missing. As root on Debian and Ubuntu it uses apt-get. Elsewhere it downloads Puppeteer's
 * browser if no other is found, and prints the command that installs the rest. Throws if something that is
 * needed is still missing afterwards.
 */
export async function installPrograms({ forTests, say }) {
  const missing = await missingPrograms(forTests);
  if (missing.length === 0) return;
  if (canApt()) aptInstall(missing, say);
  else if (missing.some(({ name }) => name === 'a browser')) downloadBrowser(say);
  report(await missingPrograms(forTests), say);
}

async function missingPrograms(forTests) {
  const wanted = PROGRAMS.filter(({ isForTests }) => forTests || !isForTests);
  const there = await Promise.all(wanted.map(({ isThere }) => isThere()));
  return wanted.filter((_, index) => !there[index]);
}

function canApt() {
  return process.getuid?.() === 0 && has('apt-get');
}

function aptInstall(missing, say) {
  const packages = [...new Set(missing.flatMap(({ debian }) => debian))];
  say(`installing with apt-get: ${packages.join(' ')}`);
  const needed = missing.filter(({ isOptional }) => !isOptional).flatMap(({ debian }) => debian);
  apt(['update'], say);
  if (needed.length > 0) apt(['install', '-y', '--no-install-recommends', ...new Set(needed)], say);
  // Each is installed by itself, so that one that a distribution does not have does not prevent the others.
  for (const { debian } of missing.filter(({ isOptional }) => isOptional))
    apt(['install', '-y', '--no-install-recommends', ...debian], say);
}

function apt(args, say) {
  try {
    run('apt-get', ['-qq', ...args], { DEBIAN_FRONTEND: 'noninteractive' });
  } catch (error) {
    say(error.message);
  }
}

function downloadBrowser(say) {
  say("downloading Puppeteer's browser");
  try {
    run('npx', ['puppeteer', 'browsers', 'install', 'chrome'], { PUPPETEER_SKIP_DOWNLOAD: '' });
  } catch (error) {
    say(error.message);
  }
}

/** Throws if something that is needed is still missing. */
function report(missing, say) {
  const packages = [...new Set(missing.flatMap(({ debian }) => debian))].join(' ');
  const names = [...new Set(missing.map(({ name }) => name))].join(', ');
  if (missing.length === 0) return;
  say(`still missing: ${names}. On Debian and Ubuntu: sudo apt-get install ${packages}`);
  if (missing.some(({ isOptional }) => !isOptional))
    throw new Error(`the setup cannot go on without ${names}`);
}

async function hasBrowser() {
  const { COMPOSITOR_CHROMIUM } = process.env;
  if (COMPOSITOR_CHROMIUM) return existsSync(COMPOSITOR_CHROMIUM);
  return SYSTEM_BROWSERS.some((path) => existsSync(path)) || hasDownloadedBrowser();
}

async function hasDownloadedBrowser() {
  try {
    const { default: puppeteer } = await import(
      `${ROOT}/node_modules/puppeteer/lib/esm/puppeteer/puppeteer.js`
    );
    return existsSync(await puppeteer.executablePath());
  } catch {
    return false;
  }
}

function hasRedisUrl() {
  return Boolean(process.env.REDIS_URL);
}

/** On other systems than Linux the fonts are part of the system. */
function hasFonts() {
  return process.platform !== 'linux' || existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc');
}
