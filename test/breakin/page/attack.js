// Runs every way of ways.js against every address, and then ends the recording.
import { SPELLINGS, WAYS } from './ways.js';

const { hosts, firstPort, seconds } = await (await fetch('/plan')).json();
const scheme = location.protocol;
/** A machine that is busy with other things must keep up. */
const PACE_MS = 40;
const given = (host, port, n) => {
  const url = `${scheme}//${host}:${port}/${n}`;
  const at = (path, query) => `${location.origin}/${path}?${new URLSearchParams({ n, ...query })}`;
  return {
    url,
    host,
    port,
    n,
    name: 'inside.evil.test',
    ws: url.replace(/^http/, 'ws'),
    via: (status, times = 1) => at('redirect', { to: url, status, times }),
    page: (text) => at('document', { text }),
    css: (text) => at('css', { text }),
    refresh: at('header', { name: 'refresh', value: `0;url=${url}` }),
    header: (name, value) => at('header', { name, value: value(url) }),
    worker: at('worker.js', { to: url }),
    xml: (text) => at('xml', { text: text(url) }),
  };
};
const attempt = async (run) => {
  try {
    await run();
  } catch {
    // Refused: what was heard is counted by whoever listens.
  }
};
addEventListener('unhandledrejection', (event) => event.preventDefault());

console.log('START_RECORDING');
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let n = 0;
for (const [at, [, run]] of WAYS.entries()) {
  // Each way is tried by IPv4 and by IPv6, and the addresses take turns.
  for (const family of hosts) attempt(() => run(given(family[at % family.length], firstPort + at, ++n)));
  await pause(PACE_MS);
}
for (const [at, [, host]] of SPELLINGS.entries()) {
  const { url, page } = given(host, firstPort + WAYS.length + at, ++n);
  // Several times, for names whose address changes.
  for (let time = 0; time < 3; time++) attempt(() => fetch(`${url}?${time}`, { mode: 'no-cors' }));
  attempt(() => {
    document.body.appendChild(
      Object.assign(document.createElement('iframe'), { src: page(`location="${url}"`) }),
    );
  });
  await pause(PACE_MS);
}
await pause(seconds * 1000);
console.log('END_RECORDING');
