import type { CDPSession, Protocol } from 'puppeteer';

const MIB = 2 ** 20;
/** Themes have 20 kB. Chromium reads a stylesheet of this size in well under a second. */
const LARGEST_STYLESHEET_MIB = 2;
/** A picture of 4K as PNG has as much. */
const LARGEST_IMAGE_MIB = 8;
/** A page that asks more often is only working against itself. */
const MOST_ANSWERS = 200;
const MOST_REDIRECTS = 20;
const READ_BYTES = 256 * 1024;
const REDIRECTS = [301, 302, 303, 307, 308];

/** What a job makes a page load from an address, of which there is a limit to the size. */
export interface LimitedAddress {
  readonly kind: 'stylesheet' | 'image';
  readonly url: string;
}

type Answer = Protocol.Fetch.RequestPausedEvent;
type ResourceType = Protocol.Network.ResourceType;

const KINDS = {
  stylesheet: {
    resourceType: 'Stylesheet',
    mostMiB: LARGEST_STYLESHEET_MIB,
    code: 'css_failed',
    name: 'External CSS',
  },
  image: { resourceType: 'Image', mostMiB: LARGEST_IMAGE_MIB, code: 'image_failed', name: 'Image' },
} as const;

/**
 * Fails the answers that are larger than they may be, wherever redirects lead, and tells of each address once. An answer
 * that says how long it is goes to the page as it is. Any other one is read up to its limit, which also holds for what is
 * compressed. Returns the function that takes addresses, at any time.
 */
export function limitAnswers(
  session: CDPSession,
  warn: (warning: { readonly code: 'css_failed' | 'image_failed'; readonly message: string }) => void,
): (addresses: readonly LimitedAddress[]) => Promise<void> {
  /** By the address that is asked for, which the job names or a redirect leads to. */
  const known = new Map<string, LimitedAddress>();
  const told = new Set<string>();
  let answers = 0;
  let redirects = 0;

  async function watch(of: LimitedAddress, url: string): Promise<void> {
    if (known.has(`${of.kind} ${withoutHash(url)}`)) return;
    known.set(`${of.kind} ${withoutHash(url)}`, of);
    const patterns = [...known].map(([key, { kind }]) => ({
      urlPattern: key.slice(kind.length + 1).replace(/[\\*?]/g, '\\$&'),
      resourceType: KINDS[kind].resourceType as ResourceType,
      requestStage: 'Response' as const,
    }));
    await session.send('Fetch.enable', { patterns });
  }

  async function judge(answer: Answer): Promise<void> {
    const { requestId, request, resourceType, responseStatusCode: status = 0 } = answer;
    const kind = resourceType === 'Image' ? 'image' : 'stylesheet';
    const of = known.get(`${kind} ${withoutHash(request.url)}`);
    const pass = () => session.send('Fetch.continueRequest', { requestId });
    const location = headerOf(answer, 'location');
    answers += 1;
    if (answers > MOST_ANSWERS) await session.send('Fetch.disable');
    else if (of === undefined || status === 0) await pass();
    else if (REDIRECTS.includes(status) && URL.canParse(location, request.url)) {
      redirects += 1;
      if (redirects <= MOST_REDIRECTS) await watch(of, new URL(location, request.url).href);
      await pass();
    } else await passUpTo(answer, of, pass);
  }

  async function passUpTo(answer: Answer, of: LimitedAddress, pass: () => Promise<unknown>): Promise<void> {
    const { requestId } = answer;
    const { mostMiB, name, code } = KINDS[of.kind];
    const lengthBytes = plainLengthOf(answer);
    if (lengthBytes !== null && lengthBytes <= mostMiB * MIB) return void (await pass());
    const body = lengthBytes === null ? await readUpTo(session, requestId, mostMiB * MIB) : null;
    if (body !== null) return fulfil(session, answer, body);
    await session.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
    if (told.has(of.url)) return;
    told.add(of.url);
    warn({ code, message: `${name} ${of.url} is larger than ${mostMiB} MiB, so it is not loaded` });
  }

  session.on('Fetch.requestPaused', (answer) => {
    judge(answer).catch(() => {}); // the page is gone, or asks no longer
  });
  return async (addresses) => {
    for (const one of addresses) await watch(one, one.url);
  };
}

function withoutHash(url: string): string {
  const { href, hash } = new URL(url);
  return hash === '' ? href : href.slice(0, -hash.length);
}

function headerOf({ responseHeaders = [] }: Answer, name: string): string {
  return responseHeaders.find((header) => header.name.toLowerCase() === name)?.value ?? '';
}

/** How long an answer is once the page has it; null where that is not known before. */
function plainLengthOf(answer: Answer): number | null {
  const text = headerOf(answer, 'content-length');
  return /^\d+$/.test(text) && headerOf(answer, 'content-encoding') === '' ? Number(text) : null;
}

/** null where there are more bytes than these. */
async function readUpTo(session: CDPSession, requestId: string, mostBytes: number): Promise<Buffer | null> {
  const { stream } = await session.send('Fetch.takeResponseBodyAsStream', { requestId });
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for (;;) {
      const part = await session.send('IO.read', { handle: stream, size: READ_BYTES });
      parts.push(Buffer.from(part.data, part.base64Encoded ? 'base64' : 'utf8'));
      bytes += parts.at(-1)?.byteLength ?? 0;
      if (bytes > mostBytes) return null;
      if (part.eof) return Buffer.concat(parts);
    }
  } finally {
    session.send('IO.close', { handle: stream }).catch(() => {}); // the page waits for its answer, not for this
  }
}

/** Gives the page the answer with what was read of it, which is no longer compressed. */
async function fulfil(session: CDPSession, answer: Answer, body: Buffer): Promise<void> {
  const { requestId, responseStatusCode = 200, responseHeaders = [] } = answer;
  const left = ['content-encoding', 'content-length', 'transfer-encoding'];
  await session.send('Fetch.fulfillRequest', {
    requestId,
    responseCode: responseStatusCode,
    responseHeaders: responseHeaders.filter(({ name }) => !left.includes(name.toLowerCase())),
    body: body.toString('base64'),
  });
}
