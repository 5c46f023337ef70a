import { LONGEST_TOLD } from '../../../shared/page/pageCalls.ts';
import type { PageProbe } from '../../../shared/page/pageProbe.ts';
import type { Content } from './watchContent.ts';

const LONGEST_TEXT = 300;
const LONGEST_ADDRESS = 2_000;

/** Answers once the page has painted another frame, so that no answer means a frozen page. */
export async function probe(content: Content): Promise<PageProbe> {
  await new Promise(requestAnimationFrame);
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  const error = document.querySelector<HTMLElement>('div.error')?.innerText.trim() ?? '';
  return {
    href: location.href.slice(0, LONGEST_ADDRESS),
    httpStatus: navigation?.responseStatus ?? 0,
    errorText: error.slice(0, LONGEST_TOLD),
    text: document.body?.innerText.trim().slice(0, LONGEST_TEXT) ?? '',
    hasShownAnything: content.hasShownAnything(),
    loss: content.loss(),
  };
}
