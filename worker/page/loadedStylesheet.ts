import type { CDPSession, Protocol, Target } from 'puppeteer';

/** A larger one is not fetched from the browser, which has better to do. In characters. */
const LARGEST = 1_000_000;
/** A page with more stylesheets is not looked through. */
const MOST_SHEETS = 1_000;

/** What became of a stylesheet in a page. */
export type LoadedStylesheet =
  /** `text` is null where the stylesheet is larger than a megabyte. */
  | { readonly state: 'loaded'; readonly text: string | null }
  | { readonly state: 'failed' }
  /** The page has not asked for it; `others` is how many stylesheets it has. */
  | { readonly state: 'absent'; readonly others: number };

/** What a page has loaded from the address of a stylesheet, whatever its origin, and also where it was redirected. */
export async function loadedStylesheet(
  page: Pick<Target, 'createCDPSession' | 'url'>,
  address: string,
): Promise<LoadedStylesheet> {
  const session = await page.createCDPSession();
  try {
    const sheets: Protocol.CSS.CSSStyleSheetHeader[] = [];
    session.on('CSS.styleSheetAdded', ({ header }) => {
      if (sheets.length < MOST_SHEETS) sheets.push(header);
    });
    await session.send('DOM.enable');
    await session.send('CSS.enable'); // tells of those there are before it answers
    const { href } = new URL(address);
    const sheet = await findSheet(sheets, href, session, page.url());
    if (!sheet) return { state: 'absent', others: sheets.length };
    if (sheet.loadingFailed) return { state: 'failed' };
    if (sheet.length > LARGEST) return { state: 'loaded', text: null };
    const { text } = await session.send('CSS.getStyleSheetText', { styleSheetId: sheet.styleSheetId });
    return { state: 'loaded', text };
  } finally {
    await session.detach();
  }
}

type Sheet = Protocol.CSS.CSSStyleSheetHeader;

/** By its own address or, where that is the end of a redirect or nothing was loaded, by that of its link. */
async function findSheet(sheets: readonly Sheet[], href: string, session: CDPSession, pageUrl: string) {
  const byAddress = sheets.find(({ sourceURL }) => sourceURL === href);
  if (byAddress) return byAddress;
  for (const sheet of sheets) if ((await linkOf(sheet, session, pageUrl)) === href) return sheet;
  return null;
}

async function linkOf({ ownerNode }: Sheet, session: CDPSession, pageUrl: string): Promise<string | null> {
  if (ownerNode === undefined) return null;
  const { node } = await session.send('DOM.describeNode', { backendNodeId: ownerNode });
  const attributes = node.attributes ?? [];
  const at = attributes.indexOf('href');
  const href = at < 0 ? '' : (attributes[at + 1] as string);
  return URL.canParse(href, pageUrl) ? new URL(href, pageUrl).href : null;
}
