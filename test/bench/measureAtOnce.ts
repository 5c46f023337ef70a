import { startCompositor } from '../support/startCompositor.ts';
import { measureCost } from './measureCost.ts';
import { familyOf } from './processTree.ts';
import { sizeNamed } from './size.ts';
import type { RunningCall } from './startBenchCall.ts';
import { jobFor } from './subjects/ours.ts';

const SIZE = sizeNamed('720p');
const COUNTS = [2, 3, 4];

export interface AtOnce {
  readonly recordings: number;
  /** Of the worker and all browsers. */
  readonly cores: number;
  /** Of those who send the call, and of its server, on the same machine. */
  readonly senderCores: number;
  /** Of each recording. */
  readonly covered: readonly number[];
}

/** Records a call several times at once at 720p with one worker, and measures how much of each recording is covered. */
export async function measureAtOnce(call: RunningCall, seconds: number): Promise<AtOnce[]> {
  const measured: AtOnce[] = [];
  for (const count of COUNTS) measured.push(await measure(call, count, seconds));
  return measured;
}

async function measure(call: RunningCall, count: number, seconds: number): Promise<AtOnce> {
  // A worker that is free to choose would refuse what the machine may not carry.
  const compositor = await startCompositor({
    COMPOSITOR_CONCURRENCY: String(count),
    COMPOSITOR_CORES: '64',
    COMPOSITOR_MEMORY_MIB: '65536',
  });
  try {
    const runs = Array.from({ length: count }, () => compositor.start(jobFor(call, SIZE)));
    await Promise.all(runs.map((run) => run.seen('call.recording_started')));
    const [{ cores }, { cores: senderCores }] = await Promise.all([
      measureCost({ processes: () => familyOf(compositor.pid) }, seconds),
      measureCost({ processes: call.senders }, seconds),
    ]);
    await Promise.all(runs.map((run) => run.stop()));
    const results = await Promise.all(runs.map((run) => run.result));
    const covered: number[] = [];
    for (const { file } of results)
      covered.push((await call.analyze(String(file), { size: SIZE, seconds })).covered);
    return { recordings: count, cores, senderCores, covered };
  } finally {
    await compositor.close();
  }
}
