import pTimeout from 'p-timeout';
import type { Logger } from '../log.ts';
import { messageOf } from '../recordingError.ts';
import { findOrphans, type OrphanSources } from './findOrphans.ts';
import { fixOrphans, type OrphanTools } from './fixOrphans.ts';

const LOOK_EVERY_MS = 5 * 60_000;
/** A file that takes longer to finish is finished by the next worker. */
const CLOSE_LIMIT_MS = 5_000;

/** Looks for orphans now and every five minutes, and puts right what needs no person. */
export function watchOrphans(
  sources: OrphanSources,
  tools: OrphanTools,
  log: Logger,
): { close(): Promise<void> } {
  let looking = Promise.resolve();
  const look = () => {
    looking = looking
      .then(() => sweep(sources, tools, log))
      .catch((error) =>
        log.warn({ reason: messageOf(error) }, 'what was left behind could not be looked for'),
      );
  };
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  look();
  return {
    close: async () => {
      clearInterval(timer);
      await pTimeout(looking, { milliseconds: CLOSE_LIMIT_MS, fallback: () => {} });
    },
  };
}

async function sweep(sources: OrphanSources, tools: OrphanTools, log: Logger): Promise<void> {
  const orphans = await findOrphans(sources);
  const fixed = await fixOrphans(
    orphans.filter(({ isAutomatic }) => isAutomatic),
    tools,
  );
  for (const { orphan, isFixed, outcome } of fixed) {
    const { kind, place, recordingId } = orphan;
    const facts = { kind, place, recordingId, outcome };
    if (isFixed) log.info(facts, 'put right what a lost worker had left behind');
    else log.warn(facts, 'what a lost worker had left behind could not be put right');
  }
  const waiting = orphans.length - fixed.length;
  if (waiting > 0) log.info({ waiting }, 'files wait for a person; "call-compositor orphans" lists them');
}
