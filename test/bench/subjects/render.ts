import { findBrowser } from '../../support/findBrowser.ts';
import { openBrowserPage } from './browserPage.ts';
import type { Subject } from './subject.ts';

export const render: Subject = {
  name: 'render',
  label: 'page alone, nothing captured',
  missing: findBrowser() ? null : 'no Chromium or Chrome found',
  start: async ({ page, size }) => {
    const browser = await openBrowserPage(page, size, null);
    return {
      pid: Number(browser.process()?.pid),
      stop: async () => {
        await browser.close();
        return null;
      },
    };
  },
};
