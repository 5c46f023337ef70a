import { existsSync } from 'node:fs';
import puppeteer from 'puppeteer';
import { SYSTEM_BROWSERS } from '../../worker/browser/findBrowser.ts';

/**
 * Returns the path of a Chromium or Chrome: the configured or downloaded one, else the system's, or null if
 * there is none.
 */
export function findBrowser(): string | null {
  return [puppeteersOwn(), ...SYSTEM_BROWSERS].find((path) => path !== null && existsSync(path)) ?? null;
}

function puppeteersOwn(): string | null {
  try {
    return puppeteer.executablePath();
  } catch {
    return null;
  }
}
