// Every way out that a page can try, each run in the attacking page. Node reads the names from this file, too.
//
// A way is called with the address that nobody may reach: `url` in the scheme of the page, `ws`, `host`, `port`. `via`
// gives a public address that redirects there with the given status, and `page` a public page with the given script.

/** What is over by then would only use up the machine. */
const KEPT_MS = 3_000;
const kept = (made) => {
  setTimeout(() => made.remove(), KEPT_MS);
  return made;
};
const element = (tag, attributes) =>
  kept(document.body.appendChild(Object.assign(document.createElement(tag), attributes)));
const style = (text) => element('style', { textContent: text });
const link = (rel, href, more = {}) =>
  document.head.appendChild(Object.assign(document.createElement('link'), { rel, href, ...more }));
const frame = (attributes) => {
  const made = document.createElement('iframe');
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return kept(document.body.appendChild(made));
};
const srcdoc = (html, sandbox) => frame({ srcdoc: html, ...(sandbox === undefined ? {} : { sandbox }) });
const script = (text) => `<script>${text}</${'script'}>`;
const dataUrl = (type, text) => `data:${type},${encodeURIComponent(text)}`;
const blobUrl = (text) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
const form = (attributes) => {
  const name = `f${Math.random()}`;
  frame({ name });
  const made = element('form', { target: name, ...attributes });
  made.submit();
};

/** Asks a STUN or TURN server, and offers what it is told; `run` is also put into frames as text. */
async function peer(servers, candidates) {
  const connection = new RTCPeerConnection({ iceServers: servers });
  globalThis.kept = [...(globalThis.kept ?? []), connection];
  connection.createDataChannel('x');
  const { sdp } = await connection.createOffer();
  await connection.setLocalDescription({ type: 'offer', sdp });
  const answer = sdp
    .replace(/a=setup:actpass/g, 'a=setup:active')
    .replace(/a=ice-ufrag:.*/g, 'a=ice-ufrag:abcd')
    .replace(/a=ice-pwd:.*/g, 'a=ice-pwd:abcdefghijklmnopqrstuvwx');
  await connection.setRemoteDescription({ type: 'answer', sdp: answer });
  for (const candidate of candidates)
    await connection.addIceCandidate({ candidate, sdpMid: '0', sdpMLineIndex: 0 });
}
const udp = (host, port) => `candidate:1 1 udp 2122260223 ${host} ${port} typ host`;
const tcp = (host, port) => `candidate:1 1 tcp 2122260223 ${host} ${port} typ host tcptype passive`;
const peerText = (servers, candidates) =>
  `${peer.toString()};peer(${JSON.stringify(servers)},${JSON.stringify(candidates)})`;
const bare = (host) => host.replace(/[[\]]/g, '');
const login = { username: 'a', credential: 'b' };

/** Name, and what is run for each of the addresses. */
export const WAYS = [
  ['fetch', ({ url }) => fetch(url, { mode: 'no-cors' })],
  [
    'fetch with POST and keepalive',
    ({ url }) => fetch(url, { method: 'POST', body: 'x', mode: 'no-cors', keepalive: true }),
  ],
  ['fetch that needs a preflight', ({ url }) => fetch(url, { method: 'PUT', headers: { 'x-a': '1' } })],
  [
    'XMLHttpRequest',
    ({ url }) => {
      const request = new XMLHttpRequest();
      request.open('GET', url);
      request.send();
    },
  ],
  ['sendBeacon', ({ url }) => navigator.sendBeacon(url, 'x')],
  ['fetchLater', ({ url }) => globalThis.fetchLater?.(url, { activateAfter: 0 })],
  ['EventSource', ({ url }) => new EventSource(url)],
  ['WebSocket', ({ ws }) => new WebSocket(ws)],
  ['WebTransport', ({ host, port }) => new WebTransport(`https://${host}:${port}/`).ready],
  ['image', ({ url }) => element('img', { src: url })],
  ['srcset', ({ url }) => element('img', { srcset: `${url} 1x`, sizes: '10px' })],
  ['picture', ({ url }) => element('picture', { innerHTML: `<source srcset="${url}"><img src="data:,">` })],
  ['image button', ({ url }) => element('input', { type: 'image', src: url })],
  ['icon', ({ url }) => link('icon', url)],
  ['touch icon', ({ url }) => link('apple-touch-icon', url)],
  ['manifest', ({ url }) => link('manifest', url)],
  ['SVG image', ({ url }) => element('div', { innerHTML: `<svg><image href="${url}"/></svg>` })],
  ['SVG use', ({ via }) => element('div', { innerHTML: `<svg><use href="${via(302)}#a"/></svg>` })],
  [
    'SVG feImage',
    ({ url }) =>
      element('div', {
        innerHTML: `<svg width=9 height=9><filter id=f><feImage href="${url}"/></filter><rect width=9 height=9 filter="url(#f)"/></svg>`,
      }),
  ],
  ['CSS background', ({ url }) => element('div', { style: `width:9px;height:9px;background:url("${url}")` })],
  [
    'CSS mask and border image',
    ({ url }) =>
      element('div', {
        style: `width:9px;height:9px;border:2px solid;border-image:url("${url}");mask-image:url("${url}m")`,
      }),
  ],
  ['CSS list style', ({ url }) => element('li', { style: `list-style-image:url("${url}")` })],
  [
    'CSS cursor',
    ({ url }) => element('div', { style: `cursor:url("${url}"),auto;position:fixed;inset:0;z-index:9` }),
  ],
  [
    'CSS content',
    ({ url, n }) => style(`.c${n}::before{content:url("${url}")}`) && element('div', { className: `c${n}` }),
  ],
  ['CSS @import', ({ url }) => style(`@import "${url}";`)],
  [
    'CSS @import in a stylesheet from elsewhere',
    ({ css, url }) => link('stylesheet', css(`@import "${url}";`)),
  ],
  [
    'CSS font',
    ({ url, n }) =>
      style(`@font-face{font-family:f${n};src:url("${url}")}.f${n}{font-family:f${n}}`) &&
      element('p', { className: `f${n}`, textContent: 'text' }),
  ],
  ['FontFace', ({ url }) => new FontFace('g', `url("${url}")`).load()],
  ['stylesheet', ({ url }) => link('stylesheet', url)],
  ['alternate stylesheet', ({ url }) => link('alternate stylesheet', url)],
  ['script', ({ url }) => element('script', { src: url })],
  ['module', ({ url }) => element('script', { type: 'module', src: url })],
  ['import()', ({ url }) => import(/* @vite-ignore */ url)],
  [
    'import map',
    ({ url }) =>
      srcdoc(
        `<script type="importmap">{"imports":{"a":"${url}"}}</${'script'}><script type="module">import 'a'</${'script'}>`,
      ),
  ],
  ['audio', ({ url }) => element('audio', { src: url, preload: 'auto' })],
  ['video', ({ url }) => element('video', { src: url, preload: 'auto' })],
  ['video poster', ({ url }) => element('video', { poster: url })],
  [
    'video source',
    ({ url }) => element('video', { preload: 'auto', innerHTML: `<source src="${url}" type="video/mp4">` }),
  ],
  [
    'video track',
    ({ url }) =>
      element('video', {
        crossOrigin: 'anonymous',
        innerHTML: `<track default kind="captions" src="${url}">`,
      }),
  ],
  ['frame', ({ url }) => frame({ src: url })],
  ['sandboxed frame', ({ url }) => frame({ src: url, sandbox: '' })],
  ['frame with srcdoc', ({ url }) => srcdoc(`<img src="${url}">`)],
  [
    'sandboxed frame with a script',
    ({ url }) => srcdoc(script(`fetch("${url}",{mode:"no-cors"})`), 'allow-scripts'),
  ],
  [
    'frame with a data: address',
    ({ url }) => frame({ src: dataUrl('text/html', script(`fetch("${url}",{mode:"no-cors"})`)) }),
  ],
  [
    'frame with a blob: address',
    ({ url }) => frame({ src: URL.createObjectURL(new Blob([`<img src="${url}">`], { type: 'text/html' })) }),
  ],
  [
    'frame that opens a frame',
    ({ page, url }) =>
      frame({
        src: page(
          `document.body.appendChild(Object.assign(document.createElement("iframe"),{src:"${url}"}))`,
        ),
      }),
  ],
  [
    'fenced frame',
    ({ url }) =>
      element('fencedframe', { config: globalThis.FencedFrameConfig && new FencedFrameConfig(url) }),
  ],
  ['object', ({ url }) => element('object', { data: url })],
  ['embed', ({ url }) => element('embed', { src: url })],
  ['frame redirected with 301', ({ via }) => frame({ src: via(301) })],
  ['frame redirected with 302', ({ via }) => frame({ src: via(302) })],
  ['frame redirected with 303', ({ via }) => frame({ src: via(303) })],
  ['frame redirected with 307', ({ via }) => frame({ src: via(307) })],
  ['frame redirected with 308', ({ via }) => frame({ src: via(308) })],
  ['frame redirected four times', ({ via }) => frame({ src: via(302, 4) })],
  ['fetch redirected with 302', ({ via }) => fetch(via(302), { mode: 'no-cors' })],
  ['POST redirected with 307', ({ via }) => fetch(via(307), { method: 'POST', body: 'x', mode: 'no-cors' })],
  ['image redirected', ({ via }) => element('img', { src: via(302) })],
  ['script redirected', ({ via }) => element('script', { src: via(302) })],
  ['stylesheet redirected', ({ via }) => link('stylesheet', via(302))],
  ['video redirected', ({ via }) => element('video', { src: via(302), preload: 'auto' })],
  ['EventSource redirected', ({ via }) => new EventSource(via(302))],
  ['WebSocket redirected', ({ via }) => new WebSocket(via(302).replace(/^http/, 'ws'))],
  ['meta refresh in a frame', ({ url }) => srcdoc(`<meta http-equiv="refresh" content="0;url=${url}">`)],
  ['Refresh header in a frame', ({ refresh }) => frame({ src: refresh })],
  ['location= in a frame', ({ url }) => srcdoc(script(`location="${url}"`))],
  [
    'link that is clicked in a frame',
    ({ url }) => srcdoc(`<a id=a href="${url}">x</a>${script('a.click()')}`),
  ],
  ['worker', ({ url }) => new Worker(blobUrl(`fetch("${url}",{mode:"no-cors"})`))],
  ['worker that imports a script', ({ url }) => new Worker(blobUrl(`importScripts("${url}")`))],
  ['worker that imports a module', ({ url }) => new Worker(blobUrl(`import("${url}")`), { type: 'module' })],
  ['worker with a WebSocket', ({ ws }) => new Worker(blobUrl(`new WebSocket("${ws}")`))],
  [
    'shared worker',
    ({ url }) => new SharedWorker(dataUrl('text/javascript', `fetch("${url}",{mode:"no-cors"})`)),
  ],
  ['service worker', ({ worker }) => navigator.serviceWorker.register(worker)],
  [
    'worklet',
    async ({ via }) => {
      const context = new AudioContext();
      await context.audioWorklet.addModule(via(302));
    },
  ],
  ['preload', ({ url }) => link('preload', url, { as: 'image' })],
  ['module preload', ({ url }) => link('modulepreload', url)],
  ['prefetch', ({ url }) => link('prefetch', url)],
  ['preconnect', ({ url }) => link('preconnect', url)],
  ['dns-prefetch', ({ host, port }) => link('dns-prefetch', `//${host}:${port}`)],
  ['prerender', ({ url }) => link('prerender', url)],
  [
    'speculation rules, prefetch',
    ({ url }) =>
      element('script', {
        type: 'speculationrules',
        textContent: JSON.stringify({ prefetch: [{ urls: [url], eagerness: 'immediate' }] }),
      }),
  ],
  [
    'speculation rules, prerender',
    ({ url }) =>
      element('script', {
        type: 'speculationrules',
        textContent: JSON.stringify({ prerender: [{ urls: [url], eagerness: 'immediate' }] }),
      }),
  ],
  [
    'link header',
    ({ header }) =>
      frame({ src: header('link', (url) => `<${url}>; rel=preload; as=image, <${url}>; rel=preconnect`) }),
  ],
  [
    'CSP report',
    ({ header }) =>
      frame({ src: header('content-security-policy', (url) => `img-src 'none'; report-uri ${url}`) }),
  ],
  [
    'reporting endpoint',
    ({ header }) => frame({ src: header('reporting-endpoints', (url) => `default="${url}"`) }),
  ],
  ['form, GET', ({ url }) => form({ action: url })],
  ['form, POST', ({ url }) => form({ action: url, method: 'post' })],
  [
    'ping',
    ({ url }) => {
      const made = element('a', { href: '#', ping: url, textContent: 'x' });
      made.click();
    },
  ],
  ['window.open', ({ url }) => window.open(url)],
  ['link to a new tab', ({ url }) => element('a', { href: url, target: '_blank' }).click()],
  ['download', ({ url }) => srcdoc(`<a id=a download=x href="${url}">x</a>${script('a.click()')}`)],
  [
    'background fetch',
    async ({ url }) => {
      const registration = await navigator.serviceWorker.ready;
      await registration.backgroundFetch.fetch(`b${Math.random()}`, [url]);
    },
  ],
  ['Cache.add', async ({ url }) => (await caches.open('c')).add(new Request(url, { mode: 'no-cors' }))],
  [
    'XSLT',
    ({ xml }) =>
      frame({
        src: xml((url) => `<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="${url}"?><a/>`),
      }),
  ],
  [
    'media session artwork',
    ({ url }) => {
      navigator.mediaSession.metadata = new MediaMetadata({ title: 'x', artwork: [{ src: url }] });
    },
  ],
  ['WebRTC: STUN', ({ host, port }) => peer([{ urls: `stun:${host}:${port}` }], [])],
  [
    'WebRTC: TURN by UDP',
    ({ host, port }) => peer([{ urls: `turn:${host}:${port}?transport=udp`, ...login }], []),
  ],
  [
    'WebRTC: TURN by TCP',
    ({ host, port }) => peer([{ urls: `turn:${host}:${port}?transport=tcp`, ...login }], []),
  ],
  ['WebRTC: TURN by TLS', ({ host, port }) => peer([{ urls: `turns:${host}:${port}`, ...login }], [])],
  ['WebRTC: STUN by a name', ({ name, port }) => peer([{ urls: `stun:${name}:${port}` }], [])],
  ['WebRTC: candidate by UDP', ({ host, port }) => peer([], [udp(bare(host), port)])],
  ['WebRTC: candidate by TCP', ({ host, port }) => peer([], [tcp(bare(host), port)])],
  ['WebRTC: candidate by a name', ({ name, port }) => peer([], [udp(name, port)])],
  [
    'WebRTC in a frame with srcdoc',
    ({ host, port }) => srcdoc(script(peerText([{ urls: `stun:${host}:${port}` }], [udp(bare(host), port)]))),
  ],
  [
    'WebRTC in a sandboxed frame',
    ({ host, port }) =>
      srcdoc(script(peerText([{ urls: `stun:${host}:${port}` }], [udp(bare(host), port)])), 'allow-scripts'),
  ],
  [
    'WebRTC in a frame with a data: address',
    ({ host, port }) =>
      frame({
        src: dataUrl(
          'text/html',
          script(peerText([{ urls: `stun:${host}:${port}` }], [udp(bare(host), port)])),
        ),
      }),
  ],
  [
    'WebRTC in about:blank',
    ({ host, port }) => {
      const { contentWindow } = frame({});
      contentWindow.eval(peerText([{ urls: `stun:${host}:${port}` }], [udp(bare(host), port)]));
    },
  ],
];

/** Odd spellings of addresses, and names that lead there: each is fetched by itself, and framed. */
export const SPELLINGS = [
  ['decimal address', '2130706433'],
  ['hexadecimal address', '0x7f000001'],
  ['octal address', '0177.0.0.1'],
  ['mixed address', '0xa.0.0.01'],
  ['short address', '127.1'],
  ['shorter address', '10.1'],
  ['address with a final dot', '127.0.0.1.'],
  ['any address', '0.0.0.0'],
  ['short any address', '0'],
  ['address in full-width digits', '１２７.０.０.１'],
  ['address in circled digits', '①②⑦.⓪.⓪.①'],
  ['address with ideographic dots', '127。0。0。1'],
  ['percent-encoded address', '127%2e0%2e0%2e1'],
  ['localhost', 'localhost'],
  ['localhost with a final dot', 'localhost.'],
  ['name below localhost', 'a.localhost'],
  ['loopback beyond 127.0.0.1', '127.8.8.8'],
  ['address behind a user name', '8.8.4.4@10.0.0.1'],
  ['address behind a backslash', '10.0.0.1\\@8.8.4.4'],
  ['private address of class B', '172.16.0.1'],
  ['private address of class C', '192.168.0.1'],
  ['shared address', '100.64.0.1'],
  ['benchmark address', '198.18.0.1'],
  ['multicast address', '224.0.0.1'],
  ['broadcast address', '255.255.255.255'],
  ['IPv6 loopback in full', '[0:0:0:0:0:0:0:1]'],
  ['IPv6 any address', '[::]'],
  ['IPv4-mapped address', '[::ffff:10.0.0.1]'],
  ['IPv4-mapped address in hexadecimal', '[::ffff:a00:1]'],
  ['IPv4-compatible address', '[::7f00:1]'],
  ['NAT64 of a private address', '[64:ff9b::10.0.0.1]'],
  ['6to4 of a private address', '[2002:a00:1::1]'],
  ['Teredo', '[2001::1]'],
  ['link-local IPv6 address', '[fe80::1]'],
  ['site-local IPv6 address', '[fec0::1]'],
  ['IPv6 multicast address', '[ff02::1]'],
  ['name of a private address', 'inside.evil.test'],
  ['name of a private IPv6 address', 'inside6.evil.test'],
  ['name of the metadata server', 'metadata.evil.test'],
  ['name of a mapped address', 'mapped.evil.test'],
  ['alias of a name inside', 'alias.evil.test'],
  ['name with a public and a private address', 'both.evil.test'],
  ['name in the file of hosts', 'hosts-file-name'],
  ['name whose address changes at each look-up', 'rebind-fetch.evil.test'],
  ['name whose address changes after the first look-up', 'rebind-once.evil.test'],
];
