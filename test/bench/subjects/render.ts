import { findBrowser } from '../../support/findBrowser.ts';
import { familyOf } from '../processTree.ts';
import { openBrowserPage } from './browserPage.ts';
import type { Subject } from './subject.ts';

export const render: Subject = {
  name: 'render',
  label: 'page alone, nothing captured',
  missing: findBrowser() ? null : 'no Chromium or Chrome found',
  start: async ({ recorded, size }) => {
    const browser = await openBrowserPage(recorded, size, null);
    return {
      processes: () => familyOf(Number(browser.process()?.pid)),
      stop: async () => {
        await browser.close();
        return null;
      },
    };
  },
};
