import { expect, test } from 'vitest';
import { createSoundBatches } from '../../../../../worker/capture/recorder/createSoundBatches.ts';

const RATE = 48_000;

function start(maxDurationS: number) {
  const written: { samples: number; atS: number }[] = [];
  const batches = createSoundBatches({
    sampleRate: RATE,
    maxDurationS,
    write: (samples, atS) => written.push({ samples: samples.length / 2, atS }),
  });
  /** Pushes so many seconds of stereo sound, 10 ms at a time. */
  const push = (durationS: number) => {
    for (let n = 0; n < Math.round(durationS * 100); n++) batches.push(new Float32Array(960));
  };
  return { batches, push, written };
}

test('small blocks of sound are passed on in pieces of a quarter second', () => {
  const { push, written } = start(60);
  push(0.6);
  expect(written).toEqual([
    { samples: 12_000, atS: 0 },
    { samples: 12_000, atS: 0.25 },
  ]);
});

test('what has gathered is passed on at the end', () => {
  const { batches, push, written } = start(60);
  push(0.1);
  batches.flush();
  batches.flush();
  expect(written).toEqual([{ samples: 4_800, atS: 0 }]);
});

test('sound beyond the greatest length is cut off, and this length can only become shorter', () => {
  const { batches, push, written } = start(60);
  push(0.25);
  batches.endAt(0.3);
  batches.endAt(10);
  push(1);
  expect(written).toEqual([
    { samples: 12_000, atS: 0 },
    { samples: 2_400, atS: 0.25 },
  ]);
});
