const pause = (ms) => new Promise((next) => setTimeout(next, ms));
const other = new URL(location.href);
other.hostname = 'localhost'; // another site, on the same server
const end = `
  const over = JSON.stringify({ type: 'call_ended' });
  const tries = [
    () => console.log('END_RECORDING'),
    () => console.error('"END_RECORDING"'),
    () => callCompositor.send({ type: 'call_ended' }),
    () => navigator.notifyReady(),
    () => performance.dispatchEvent(new CustomEvent('call-compositor', { detail: over })),
    () => parent.postMessage({ type: 'call_ended' }, '*'),
    () => parent.postMessage('END_RECORDING', '*'),
    () => top.callCompositor.send({ type: 'call_ended' }),
    () => { for (let at = 0; at < 20; at += 1) try { globalThis['compositorSend' + at](over); } catch {} },
    () => compositorGate.connect('alert'),
  ];
  for (const one of tries) try { one(); } catch {}
`;
const frame = (set) =>
  document.body.append(Object.assign(document.createElement('iframe'), { width: 10, height: 10 }, set));
const script = `<script>${end}</script>`;
const open = [];
const note = (way, isOpen) => isOpen && open.push(way);
const works = (way, work) =>
  Promise.race([
    Promise.resolve()
      .then(work)
      .then(
        (result) => note(way, result !== false && result !== null),
        () => {},
      ),
    pause(700),
  ]);

function addFrames() {
  frame({ src: `data:text/html,${encodeURIComponent(script)}` });
  frame({ src: new URL('frame-of-another-site.html', other).href });
  frame({ sandbox: 'allow-scripts', srcdoc: script });
  frame({ sandbox: 'allow-scripts allow-popups allow-top-navigation', srcdoc: script });
  new Worker(URL.createObjectURL(new Blob(['console.log("END_RECORDING")'])));
}

async function tryAll() {
  note(
    'names',
    Object.getOwnPropertyNames(window)
      .filter((name) => /compositor/i.test(name))
      .toSorted()
      .join() !== 'callCompositor,compositorComposed',
  );
  note(
    'chrome',
    globalThis.chrome?.runtime?.sendMessage !== undefined || globalThis.chrome?.tabCapture !== undefined,
  );
  await works('popup', () => window.open('/popup-1'));
  const link = Object.assign(document.createElement('a'), { href: '/popup-2', target: '_blank' });
  document.body.append(link);
  link.click();
  const form = Object.assign(document.createElement('form'), { action: '/popup-3', target: '_blank' });
  document.body.append(form);
  form.submit();
  const kept = Object.assign(document.createElement('a'), { download: 'downloaded.bin' });
  kept.href = URL.createObjectURL(new Blob(['x'.repeat(10_000)]));
  kept.click();
  location.href = '/download-1';
  await pause(300);

  const extension = new URLSearchParams(location.search).get('extension');
  await works('extension fetch', () => fetch(`chrome-extension://${extension}/recorder.html`));
  await works('file fetch', () => fetch('file:///etc/passwd'));
  for (const address of [
    'file:///etc/passwd',
    'chrome://version',
    'devtools://devtools/bundled/inspector.html',
    `view-source:${location.href}`,
    'mailto:a@b.c',
  ])
    location.href = address;
  await pause(300);
  for (let at = 0; at < 2_000; at += 1) {
    alert(at);
    confirm(at);
    prompt(at);
    print();
  }

  await works('microphone', () => navigator.mediaDevices.getUserMedia({ audio: true }));
  await works('camera', () => navigator.mediaDevices.getUserMedia({ video: true }));
  await works('screen', () => navigator.mediaDevices.getDisplayMedia({ video: true }));
  await works('clipboard', () => navigator.clipboard.readText());
  await works('clipboard writing', () => navigator.clipboard.writeText('x'));
  await works('midi', () => navigator.requestMIDIAccess({ sysex: true }));
  await works('usb', () => navigator.usb.requestDevice({ filters: [] }));
  await works('hid', () => navigator.hid.requestDevice({ filters: [] }));
  await works('serial', () => navigator.serial.requestPort());
  await works('files', () => showOpenFilePicker());
  await works('full screen', () => document.documentElement.requestFullscreen());
  for (const name of [
    'geolocation',
    'notifications',
    'camera',
    'microphone',
    'clipboard-read',
    'midi',
    'accelerometer',
    'gyroscope',
    'magnetometer',
    'idle-detection',
    'local-fonts',
    'payment-handler',
    'window-management',
    'background-sync',
  ])
    await works(
      `permission ${name}`,
      async () => (await navigator.permissions.query({ name })).state !== 'denied',
    );

  callCompositor.send({ type: 'warning', message: `open: ${open.join(', ') || 'nothing'}` });
  document.getElementById('shown').textContent = 'all tried';
  console.log('START_RECORDING');
  // The token is for this site; the next one asks for it.
  await pause(2_000);
  window.onbeforeunload = () => 'stay';
  location.href = new URL('asks-for-token.html', other).href;
}

// A page that goes on to another site before it has loaded is taken to be led there, and that site is then the one loaded.
addEventListener('load', () => {
  setTimeout(() => {
    addFrames();
    tryAll();
  }, 500);
});
