import { BufferTarget, EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, Output } from 'mediabunny';
import { expect, test } from 'vitest';
import { forgetPackets } from '../../../../../worker/capture/recorder/forgetPackets.ts';

const MINUTES = 2;
const FRAMES = MINUTES * 60 * 30;
/** H.264 parameter sets of a 1280 x 720 constrained baseline stream, as an MP4 holds them (ISO 14496-15, 5.3.3). */
const AVCC = Uint8Array.of(
  ...[1, 0x42, 0xc0, 0x1f, 0xff],
  ...[0xe1, 0, 9, 0x67, 0x42, 0xc0, 0x1f, 0xda, 0x01, 0x40, 0x16, 0xe8],
  ...[1, 0, 4, 0x68, 0xce, 0x3c, 0x80],
);

async function write(onFragment: (output: Output) => void) {
  const target = new BufferTarget();
  const output: Output = new Output({
    format: new Mp4OutputFormat({
      fastStart: 'fragmented',
      minimumFragmentDuration: 1,
      onMoof: () => onFragment(output),
    }),
    target,
  });
  const video = new EncodedVideoPacketSource('avc');
  output.addVideoTrack(video);
  await output.start();
  const decoderConfig = { codec: 'avc1.42c01f', codedWidth: 1280, codedHeight: 720, description: AVCC };
  for (let frame = 0; frame < FRAMES; frame++) {
    const type = frame % 60 === 0 ? 'key' : 'delta';
    await video.add(new EncodedPacket(new Uint8Array(100), type, frame / 30, 1 / 30), { decoderConfig });
  }
  const kept = packetsKept(output);
  await output.finalize();
  return { kept, file: new Uint8Array(target.buffer as ArrayBuffer) };
}

function packetsKept(output: object): number {
  const { trackDatas } = (
    output as { _muxer: { trackDatas: { finalizedChunks: { samples: object[] }[] }[] } }
  )._muxer;
  return trackDatas.flatMap(({ finalizedChunks }) => finalizedChunks.flatMap(({ samples }) => samples))
    .length;
}

test('the packets of finished fragments are released, and the file is the same', async () => {
  const plain = await write(() => {});
  const lean = await write(forgetPackets);
  expect(plain.kept).toBeGreaterThan(FRAMES - 120);
  expect(lean.kept).toBeLessThan(200);
  expect(lean.file.length).toBe(plain.file.length);
  // From here on, behind the times of creation, every byte: the index at the end with it.
  expect(Buffer.compare(lean.file.subarray(1000), plain.file.subarray(1000))).toBe(0);
});
