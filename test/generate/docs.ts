import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LayoutApp, openPage, startLayoutApp } from '../support/openLayoutApp.ts';
import { sceneConfig, sceneOf } from '../support/scene.ts';
import { servePages } from '../support/servePages.ts';
import { consolePictures } from './consolePictures.ts';
import { errorReference } from './errorReference.ts';
import { FAMILIES, type Family } from './families.ts';
import { licenceList } from './licences.ts';
import { optionReference } from './optionReference.ts';
import { withSettingsTable } from './settingsTable.ts';
import { studioPicture } from './studioPicture.ts';
import { THEME_NAMES, themeGuide } from './themeGuide.ts';

const README = fileURLToPath(new URL('../../README.md', import.meta.url));
const DOCS = fileURLToPath(new URL('../../docs', import.meta.url));
const THEMES = fileURLToPath(new URL('../../layout-app/themes', import.meta.url));
const SIZE = { width: 854, height: 480 };
const WEBP_QUALITY = 82;

/** Writes the README's settings, the option reference and the theme guide, with a picture of each family of options, of each theme and of the studio. */
export async function main(): Promise<void> {
  await writeFile(README, withSettingsTable(await readFile(README, 'utf8')));
  const pages = await servePages();
  const app = await startLayoutApp();
  try {
    for (const { name, layout, people, options } of FAMILIES)
      await picture(
        app,
        sceneConfig(layout, people, options(pages.url('logo.svg'))),
        join('options', `${name}.webp`),
      );
    const dark = FAMILIES.find(({ name }) => name === 'theme') as Family;
    const options = { ...dark.options(''), 'layout.theme': 'dark' };
    await picture(app, sceneConfig(dark.layout, dark.people, options), join('options', 'theme-dark.webp'));
    for (const name of THEME_NAMES) {
      const css = await readFile(join(THEMES, `${name}.css`), 'utf8');
      const people = sceneOf(5, {
        more: { 3: { publishedTracks: ['audio'] }, 2: { publishedTracks: ['video'] } },
      });
      const more = { ext_css: `data:text/css,${encodeURIComponent(css)}` };
      const options = { 'title.text': 'Weekly stand-up', 'title.font_size': '22px' };
      await picture(app, sceneConfig('spotlight', people, options, more), join('themes', `${name}.webp`));
    }
    await writeFile(join(DOCS, 'studio.webp'), await studioPicture(app, WEBP_QUALITY));
    await writeFile(join(DOCS, 'options.md'), optionReference());
    await writeFile(join(DOCS, 'themes.md'), themeGuide());
    await writeFile(join(DOCS, 'errors.md'), errorReference());
    await writeFile(join(DOCS, 'licences.md'), await licenceList());
  } finally {
    await app.close();
    await pages.close();
  }
  await consolePictures();
}

async function picture(app: LayoutApp, config: object, name: string): Promise<void> {
  const { page, waitFor } = await openPage(app, config, SIZE);
  await waitFor('ready');
  // A tile that came out small draws its picture again, at its own size.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
  const path = join(DOCS, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, await page.screenshot({ type: 'webp', quality: WEBP_QUALITY }));
  await page.close();
  console.log(path);
}
