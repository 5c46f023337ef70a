import pTimeout from 'p-timeout';
import type { Target } from 'puppeteer';

/** The tab that is asked. */
type Asked = Pick<Target, 'createCDPSession'>;

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
export async function shownFailure(tab: Asked, failureOf: FailureOf): Promise<Failure | null> {
  const address = await pTimeout(unreachableAddress(tab), {
    milliseconds: ANSWER_TIMEOUT_MS,
    fallback: () => null,
  }).catch(() => null);
  return address === null ? null : failureOf(address);
}

async function unreachableAddress(tab: Asked): Promise<string | null> {
  const session = await tab.createCDPSession();
  try {
    const { frameTree } = await session.send('Page.getFrameTree');
    return frameTree.frame.unreachableUrl ?? null;
  } finally {
    session.detach().catch(() => {});
  }
}
