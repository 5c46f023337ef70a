// Plain JavaScript, because `npm run setup` reads it before packages or a compiler are installed.

/**
 * Where systems install Chromium and Chrome. The first path that exists is used.
 * @type {readonly string[]}
 */
export const SYSTEM_BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
