import type { Page } from 'puppeteer';

/**
 * Defines a global function in the page for each of these functions, under the same name, which calls it in
 * this process. Arguments and results travel as JSON. If the function throws, the call throws in the page.
 */
export async function exposeCalls<Calls extends { [Name in keyof Calls]: (...given: never[]) => unknown }>(
  page: Pick<Page, 'exposeFunction'>,
  calls: Calls,
): Promise<void> {
  for (const name of Object.keys(calls) as (keyof Calls & string)[])
    await page.exposeFunction(name, calls[name]);
}
