import type { Page } from 'puppeteer';
import { LAYOUT_NAMES } from '../../shared/layout/layoutNames.ts';
import { type LayoutApp, openPage, showScene } from '../support/openLayoutApp.ts';
import { sceneConfig, sceneOf } from '../support/scene.ts';

export const ORIENTATIONS = {
  landscape: { width: 640, height: 360 },
  portrait: { width: 360, height: 640 },
} as const;
export type Orientation = keyof typeof ORIENTATIONS;

const COUNTS = [1, 2, 3, 5, 9, 25] as const;
const COLUMNS = COUNTS.length;
const GAP_PX = 8;
const WEBP_QUALITY = 82;

/** A picture of each layout with 1 to 25 people, and below it with a shared screen, as one WebP. */
export async function drawContactSheet(app: LayoutApp, orientation: Orientation): Promise<Buffer> {
  const size = ORIENTATIONS[orientation];
  const { page, waitFor } = await openPage(app, sceneConfig('grid', sceneOf(1)), size);
  await waitFor('ready');
  const pictures: string[] = [];
  for (const layout of LAYOUT_NAMES)
    for (const sharing of [0, 1])
      for (const count of COUNTS)
        pictures.push(await pictureOf(page, sceneConfig(layout, sceneOf(count, { sharing }))));
  await page.close();
  return compose(app, pictures, size);
}

async function pictureOf(page: Page, config: object): Promise<string> {
  await showScene(page, config);
  // A tile that became smaller gets its smaller picture with the next drawing.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 250)));
  return page.screenshot({ encoding: 'base64' });
}

async function compose(app: LayoutApp, pictures: readonly string[], size: { width: number; height: number }) {
  const page = await app.browser.newPage();
  const width = COLUMNS * (size.width + GAP_PX) + GAP_PX;
  await page.setViewport({ width, height: 600 });
  const images = pictures.map((png) => `<img src="data:image/png;base64,${png}">`).join('');
  const grid = `display:grid;grid-template-columns:repeat(${COLUMNS},${size.width}px);gap:${GAP_PX}px;padding:${GAP_PX}px`;
  await page.setContent(`<body style="margin:0;background:#777"><div style="${grid}">${images}</div></body>`);
  const sheet = await page.screenshot({ type: 'webp', quality: WEBP_QUALITY, fullPage: true });
  await page.close();
  return Buffer.from(sheet);
}

export interface CellDifference {
  readonly cell: number;
  /** Share of pixels that differ visibly. */
  readonly share: number;
}

/** How two sheets differ, cell by cell. Throws where they are not of the same size. */
export async function compareSheets(
  app: LayoutApp,
  orientation: Orientation,
  sheets: readonly [Buffer, Buffer],
): Promise<CellDifference[]> {
  const { width, height } = ORIENTATIONS[orientation];
  const page = await app.browser.newPage();
  const given = {
    width,
    height,
    columns: COLUMNS,
    gap: GAP_PX,
    sheets: sheets.map((one) => one.toString('base64')),
  };
  const differences = await page.evaluate(async ({ width, height, columns, gap, sheets }) => {
    /** WebP is lossy, and letters are not drawn alike everywhere; this much is another picture. */
    const VISIBLE = 60;
    const draw = async (webp: string) => {
      const bitmap = await createImageBitmap(await (await fetch(`data:image/webp;base64,${webp}`)).blob());
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
      context?.drawImage(bitmap, 0, 0);
      return context as OffscreenCanvasRenderingContext2D;
    };
    const [a, b] = (await Promise.all(sheets.map(draw))) as [
      OffscreenCanvasRenderingContext2D,
      OffscreenCanvasRenderingContext2D,
    ];
    if (a.canvas.height !== b.canvas.height)
      throw new Error(`heights ${a.canvas.height} and ${b.canvas.height}`);
    const rows = Math.floor(a.canvas.height / (height + gap));
    return Array.from({ length: rows * columns }, (_, cell) => {
      const left = gap + (cell % columns) * (width + gap);
      const top = gap + Math.floor(cell / columns) * (height + gap);
      const [one, other] = [a, b].map((context) => context.getImageData(left, top, width, height).data) as [
        Uint8ClampedArray,
        Uint8ClampedArray,
      ];
      let different = 0;
      for (let at = 0; at < one.length; at += 4) {
        const most = Math.max(
          ...[0, 1, 2].map((c) => Math.abs((one[at + c] as number) - (other[at + c] as number))),
        );
        if (most > VISIBLE) different++;
      }
      return { cell, share: different / (width * height) };
    });
  }, given);
  await page.close();
  return differences;
}

/** What a cell shows, for messages. */
export function cellName(cell: number): string {
  const row = Math.floor(cell / COLUMNS);
  const people = COUNTS[cell % COLUMNS];
  return `${LAYOUT_NAMES[Math.floor(row / 2)]}, ${people} people${row % 2 === 1 ? ', screen shared' : ''}`;
}
