/** Each flag with the reason for it. */
const FLAGS: Readonly<Record<string, string>> = {
  '--autoplay-policy=no-user-gesture-required':
    'nobody clicks in a recorder, and calls must be heard at once',
  '--hide-scrollbars': 'a page that is a pixel too tall must not show a scrollbar in the picture',
  '--force-color-profile=srgb': 'the same colours on every machine',
  '--font-render-hinting=none': 'the same letter shapes and widths on every machine',
  '--disable-gpu': 'servers have no GPU; without this flag Chromium searches for one at each start',
  '--disable-dev-shm-usage': 'containers have only 64 MB of /dev/shm, and tabs would crash',
  '--disable-background-timer-throttling':
    'the recorded tab is in the background, and must run as if it were in the foreground',
  '--disable-backgrounding-occluded-windows': 'as above',
  '--disable-renderer-backgrounding': 'as above: no lower process priority',
  '--disable-background-networking': 'no updates, no telemetry',
  '--disable-component-update': 'as above',
  '--disable-sync': 'as above',
  '--no-first-run': 'no welcome page',
  '--block-new-web-contents': 'a page cannot open another one, in a tab or a window',
  '--auto-accept-this-tab-capture': 'the composer in a recorded page captures that page',
  '--deny-permission-prompts': 'nobody would answer when a page asks for something',
  '--proxy-bypass-list=<-loopback>':
    'without it, loopback and link-local addresses are reached without the proxy',
  '--dns-prefetch-disable': 'names are resolved behind the proxy',
  '--disable-quic': 'it would go around the proxy',
};

/**
 * Chromium reads only the last --disable-features and the last --enable-features, so each is passed once,
 * built from these lists.
 */
const DISABLED_FEATURES = [
  'Translate', // offers a bubble over the page
  'MediaRouter', // looks for cast devices on the network
  'OptimizationHints', // downloads models
  'WebUIOmniboxPopup', // a process for the address bar's suggestions, 50 MiB
  'WebUIOmniboxAimPopup', // as above
  'WebUIOmniboxFullPopup', // as above
  'SpareRendererForSitePerProcess', // a process for a next tab, which never comes
  'Prerender2', // loads pages into a further tab, which would then take the place of the one that is recorded
  'BackForwardCache', // keeps pages that the tab has left
  'GetDisplayMediaRequiresUserActivation', // the composer would need a click, which also lets a page open windows
];

const ENABLED_FEATURES = [
  // With acknowledgements, the page in every other recording stays one drawn frame late until the end: it
  // waits until the display has drawn its last frame, and so it misses the next draw of the display.
  'NoCompositorFrameAcks',
];

/**
 * What Puppeteer passes and a recorder must not have. The first silences the capture as well; without the others, a page
 * can open windows, and can navigate and change its address without end.
 */
export const UNWANTED_DEFAULTS = [
  '--mute-audio',
  '--disable-popup-blocking',
  '--disable-ipc-flooding-protection',
];

/** With these, a page from a public address may send the media of calls to public addresses only. */
const LOCAL_NETWORK_CHECKS = ['LocalNetworkAccessChecks', 'LocalNetworkAccessChecksWebRTC'];

/** Where the media of calls may go, which do not pass the proxy where they are sent by UDP. */
export type WebRtc = 'public' | 'any' | 'guarded';

/** The command line of a recording browser, without the flags that Puppeteer adds. */
export function chromeFlags({
  extensionId,
  isRoot,
  allowPrivateUrls,
  proxyUrl,
  webRtc,
}: {
  extensionId: string;
  isRoot: boolean;
  allowPrivateUrls: boolean;
  /** The only way out of the browser. */
  proxyUrl: string;
  webRtc: WebRtc;
}): string[] {
  return [
    ...Object.keys(FLAGS),
    `--disable-features=${DISABLED_FEATURES.join(',')}`,
    `--enable-features=${[...ENABLED_FEATURES, ...(webRtc === 'public' ? LOCAL_NETWORK_CHECKS : [])].join(',')}`,
    `--proxy-server=${proxyUrl}`,
    ...webRtcFlags(webRtc, proxyUrl),
    `--allowlisted-extension-id=${extensionId}`, // tabCapture without a click on the extension's button
    // Without this, WebRTC offers a call server on the same machine no address of ours.
    ...(allowPrivateUrls ? ['--allow-loopback-in-peer-connection'] : []),
    ...(isRoot ? ['--no-sandbox'] : []), // Chromium refuses to run as root with its sandbox on
  ];
}

function webRtcFlags(webRtc: WebRtc, proxyUrl: string): string[] {
  // Every page comes through the proxy, so to Chromium its address is that of the proxy.
  if (webRtc === 'public') return [`--ip-address-space-overrides=${new URL(proxyUrl).host}=public`];
  if (webRtc === 'any') return [];
  return [
    '--webrtc-ip-handling-policy=disable_non_proxied_udp',
    '--force-webrtc-ip-handling-policy=disable_non_proxied_udp', // the name of the flag in older versions
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', // names of TURN servers, too, are resolved behind the proxy
  ];
}
