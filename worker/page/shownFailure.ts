import pTimeout from 'p-timeout';
import type { Page } from 'puppeteer';

/** Why the browser could not reach an address; null where it could, or where nobody knows. */
export type FailureOf = (url: string) => Promise<Failure | null>;

interface Failure {
  readonly isRefused: boolean;
  readonly reason: string;
}

/** A page that shows an error of the browser's has no script that could be busy. */
const ANSWER_TIMEOUT_MS = 2_000;

/**
 * Why the tab shows the browser's own error page instead of a document, wherever redirects and scripts have led it;
 * null where it shows a document, or where the reason is not known.
 */
export async function shownFailure(page: Page, failureOf: FailureOf): Promise<Failure | null> {
  const address = await pTimeout(unreachableAddress(page), {
    milliseconds: ANSWER_TIMEOUT_MS,
    fallback: () => null,
  }).catch(() => null);
  return address === null ? null : failureOf(address);
}

async function unreachableAddress(page: Page): Promise<string | null> {
  const session = await page.createCDPSession();
  try {
    const { frameTree } = await session.send('Page.getFrameTree');
    return frameTree.frame.unreachableUrl ?? null;
  } finally {
    session.detach().catch(() => {});
  }
}
