/** An app that hangs up after its connection broke says so sooner: then the call has ended, and nothing was missed. */
const HANG_UP_MS = 1_000;
/** The worker looks ten times a second; a loss that is told and over between two looks would not be seen. */
const SEEN_MS = 300;
/** For how long a broken socket can be why an app gives up a connection for media. */
const BROKEN_SOCKET_MS = 30_000;

/**
 * Tells when a page has lost its connection to the call, and when it is there again, for apps that do not say so
 * themselves. `lostForMs` is for how long it has been lost already.
 *
 * The connection is lost when the last of the page's connections for media breaks, or when the app closes it after a
 * socket broke, as apps do to make a new one. An app that closes a connection for no such reason has hung up.
 */
export function watchConnections(tell: (state: 'lost' | 'restored', lostForMs: number) => void): void {
  const connected = new Set<RTCPeerConnection>();
  let socketBrokeAtMs = Number.NEGATIVE_INFINITY;
  let lostAtMs: number | null = null;
  let isTold = false;
  let telling: ReturnType<typeof setTimeout> | undefined;

  const isSocketBroken = () => performance.now() - socketBrokeAtMs < BROKEN_SOCKET_MS;
  const tellLost = () => {
    if (!isTold && lostAtMs !== null) tell('lost', performance.now() - lostAtMs);
    isTold = true;
  };
  const lose = () => {
    clearTimeout(telling);
    lostAtMs ??= isSocketBroken() ? socketBrokeAtMs : performance.now();
    telling = setTimeout(tellLost, lostAtMs + HANG_UP_MS - performance.now());
  };
  const restore = () => {
    clearTimeout(telling);
    tellLost();
    socketBrokeAtMs = Number.NEGATIVE_INFINITY;
    telling = setTimeout(() => {
      tell('restored', 0);
      isTold = false;
      lostAtMs = null;
    }, SEEN_MS);
  };
  const drop = (connection: RTCPeerConnection, isBroken: boolean) => {
    if (connected.delete(connection) && connected.size === 0 && isBroken) lose();
  };

  onEach('RTCPeerConnection', (connection) => {
    connection.addEventListener('connectionstatechange', () => {
      const { connectionState } = connection;
      if (connectionState === 'connected') {
        connected.add(connection);
        if (lostAtMs !== null) restore();
      } else if (connectionState === 'disconnected' || connectionState === 'failed') drop(connection, true);
    });
  });
  const { close } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.close = function closeAndNote() {
    drop(this, isSocketBroken());
    close.call(this);
  };
  onBrokenSocket(() => {
    if (connected.size > 0) socketBrokeAtMs = performance.now();
  });
}

/** Calls `note` when a socket that was open is closed without a word of goodbye. */
function onBrokenSocket(note: () => void): void {
  onEach('WebSocket', (socket) => {
    socket.addEventListener('open', () => {
      socket.addEventListener('close', ({ wasClean }) => {
        if (!wasClean) note();
      });
    });
  });
}

/** Calls `note` with each object that the page makes of a class of the browser's, which stays what it is for the page. */
function onEach<Name extends 'RTCPeerConnection' | 'WebSocket'>(
  name: Name,
  note: (made: InstanceType<(typeof window)[Name]>) => void,
): void {
  const proxy = new Proxy(window[name], {
    construct(native, args, newTarget) {
      const made = Reflect.construct(native, args, newTarget) as InstanceType<(typeof window)[Name]>;
      note(made);
      return made;
    },
  });
  window[name] = proxy;
}
