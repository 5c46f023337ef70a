import { careForOrphans } from '../careForOrphans.ts';
import { connectRedis, pingRedis } from '../job/queue.ts';
import { findOrphans } from '../orphans/findOrphans.ts';
import { fixOrphans } from '../orphans/fixOrphans.ts';
import { readWorkerConfig } from '../workerConfig.ts';
import { printTable } from './printTable.ts';

/** 1 is for errors, as with the other commands. */
const EXIT = { nothingLeft: 0, somethingLeft: 2 } as const;

/**
 * `orphans`: lists what lost workers left behind on this machine and in Redis, and what would be done with it. With
 * `fix`, does it. Resolves to 0 if nothing is left, and to 2 if something is.
 */
export async function orphans({ fix, json }: { fix?: boolean; json?: boolean }): Promise<number> {
  const config = readWorkerConfig(process.env);
  await pingRedis(config.redisUrl);
  const redis = connectRedis(config.redisUrl);
  try {
    const { sources, tools } = careForOrphans(redis, config);
    const found = await findOrphans(sources);
    const fixed = fix ? await fixOrphans(found, tools) : found.map((orphan) => ({ orphan, isFixed: false }));
    const rows = fixed.map(({ orphan, ...became }) => {
      const { kind, place, recordingId, ageS, sizeBytes, action, reason } = orphan;
      const told = 'outcome' in became ? { is_fixed: became.isFixed, outcome: became.outcome } : { reason };
      return { kind, recording_id: recordingId, age_s: ageS, size_bytes: sizeBytes, action, place, ...told };
    });
    if (json) console.log(JSON.stringify(rows, null, 2));
    else printTable(rows, 'nothing was left behind');
    return fixed.every(({ isFixed }) => isFixed) ? EXIT.nothingLeft : EXIT.somethingLeft;
  } finally {
    redis.disconnect();
  }
}
