import { existsSync } from 'node:fs';
import puppeteer from 'puppeteer';
import { findProgram } from './findProgram.ts';

/** The path of a Chromium or Chrome: the configured or downloaded one, else the system's; null without any. */
export function findBrowser(): string | null {
  return (
    puppeteersOwn() ?? findProgram('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable')
  );
}

function puppeteersOwn(): string | null {
  try {
    const path = puppeteer.executablePath();
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}
