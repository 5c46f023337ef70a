import type { Compositor } from '../support/startCompositor.ts';
import { SPELLINGS, WAYS } from './page/ways.js';

/** The names of the ways that a page tries, in the order of their ports. */
export const PAGE_WAYS = [...WAYS, ...SPELLINGS].map(([name]) => name);

/** Records the page that tries them all. Throws where it was not recorded to its end. */
export async function tryPage(compositor: Compositor, scheme: string): Promise<void> {
  const result = await compositor.record({
    call: { id: 'breakin' },
    source: { kind: 'app' },
    // Nobody looks at the picture, and the machine may be busy.
    recording: { audio_only: true, layout: { name: 'grid', external_app_url: `${scheme}://evil.test/` } },
    limits: { max_duration_s: 120 },
  });
  if (result.end_reason !== 'call_ended')
    throw new Error(
      `the attack by a page on ${scheme} ended too early: ${result.end_reason} ${result.error?.message ?? ''}`,
    );
}
