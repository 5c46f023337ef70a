import type { LayoutApp } from '../support/openLayoutApp.ts';
import { chooseTab, openStudio } from '../support/openStudio.ts';

const SIZE = { width: 1366, height: 768 };
const THEME = 'midnight';
/** A property that no browser knows, and the beginning of a class name. */
const TYPED = ['.eca__logo-and-title-overlay__title {\ncolour: gold;\n', '\n\n.part'];

/** A picture of the studio while somebody edits a theme: the names that it proposes, and a mark at a problem. In WebP. */
export async function studioPicture({ browser, address }: LayoutApp, quality: number): Promise<Uint8Array> {
  const page = await browser.newPage();
  await page.setViewport(SIZE);
  const picture = await openStudio(page, `${address}studio/index.html`);
  await chooseTab(page, 'Theme');
  await page.select('.studio-row select', THEME);
  await page.locator('.cm-content').click();
  await page.keyboard.down('Control');
  await page.keyboard.press('End');
  await page.keyboard.up('Control');
  await page.keyboard.press('Enter');
  await page.keyboard.type(TYPED[0] ?? '');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await page.waitForSelector('.studio-problems');
  await page.keyboard.type(TYPED[1] ?? '');
  await page.waitForSelector('.cm-completionInfo');
  await picture.waitForFunction(() => document.fonts.status === 'loaded');
  const taken = await page.screenshot({ type: 'webp', quality });
  await page.close();
  return taken;
}
