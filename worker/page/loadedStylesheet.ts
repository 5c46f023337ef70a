import type { Page, Protocol } from 'puppeteer';

/** A larger one is not fetched from the browser, which has better to do. In characters. */
const LARGEST = 1_000_000;

/**
 * The text of the stylesheet that a page has loaded from an address, whatever its origin; null where there is
 * none, or where it is larger than a megabyte.
 */
export async function loadedStylesheet(page: Page, address: string): Promise<string | null> {
  const session = await page.createCDPSession();
  try {
    const sheets: Protocol.CSS.CSSStyleSheetHeader[] = [];
    session.on('CSS.styleSheetAdded', ({ header }) => sheets.push(header));
    await session.send('DOM.enable');
    await session.send('CSS.enable'); // tells of those there are before it answers
    const { href } = new URL(address);
    const sheet = sheets.find(({ sourceURL, length }) => sourceURL === href && length <= LARGEST);
    if (!sheet) return null;
    return (await session.send('CSS.getStyleSheetText', { styleSheetId: sheet.styleSheetId })).text;
  } finally {
    await session.detach();
  }
}
