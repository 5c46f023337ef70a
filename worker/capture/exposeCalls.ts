import type { Page } from 'puppeteer';

/**
 * Defines each of these functions in a page, under its own name, as a global function that calls it here. What the page passes and
 * gets back travels as JSON; what a function throws is thrown in the page.
 */
export async function exposeCalls<Calls extends { [Name in keyof Calls]: (...given: never[]) => unknown }>(
  page: Pick<Page, 'exposeFunction'>,
  calls: Calls,
): Promise<void> {
  for (const name of Object.keys(calls) as (keyof Calls & string)[])
    await page.exposeFunction(name, calls[name]);
}
