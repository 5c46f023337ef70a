import {
  BufferSource,
  BufferTarget,
  EncodedPacket,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  MP4,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';
import { expect, test } from 'vitest';
import { cutFragments } from '../../../../../worker/capture/recorder/cutFragments.ts';

const FRAMES = 300;
const FRAMES_A_KEY = 60;
/** H.264 parameter sets of a 1280 x 720 constrained baseline stream, as an MP4 holds them (ISO 14496-15, 5.3.3). */
const AVCC = Uint8Array.of(
  ...[1, 0x42, 0xc0, 0x1f, 0xff],
  ...[0xe1, 0, 9, 0x67, 0x42, 0xc0, 0x1f, 0xda, 0x01, 0x40, 0x16, 0xe8],
  ...[1, 0, 4, 0x68, 0xce, 0x3c, 0x80],
);

test('a fragment is written every half second although key frames are 2 s apart, and says which pictures are key frames', async () => {
  const fragmentsAtS: number[] = [];
  const target = new BufferTarget();
  const onMoof = (_data: Uint8Array, _position: number, atS: number) => void fragmentsAtS.push(atS);
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'fragmented', onMoof }), target });
  const video = new EncodedVideoPacketSource('avc');
  output.addVideoTrack(video);
  await output.start();
  cutFragments(output, 0.5);
  const decoderConfig = { codec: 'avc1.42c01f', codedWidth: 1280, codedHeight: 720, description: AVCC };
  for (let frame = 0; frame < FRAMES; frame++) {
    const type = frame % FRAMES_A_KEY === 0 ? 'key' : 'delta';
    await video.add(new EncodedPacket(new Uint8Array(100), type, frame / 30, 1 / 30), { decoderConfig });
  }
  await output.finalize();
  expect(fragmentsAtS.map((atS) => Math.round(atS * 30))).toEqual(
    Array.from({ length: FRAMES / 15 }, (_, index) => index * 15),
  );
  const packets = await packetsOf(target.buffer as ArrayBuffer);
  expect(packets.map(({ timestamp }) => Math.round(timestamp * 30))).toEqual(
    Array.from({ length: FRAMES }, (_, frame) => frame),
  );
  expect(packets.map(({ type }) => type)).toEqual(
    Array.from({ length: FRAMES }, (_, frame) => (frame % FRAMES_A_KEY === 0 ? 'key' : 'delta')),
  );
});

async function packetsOf(file: ArrayBuffer): Promise<EncodedPacket[]> {
  const input = new Input({ source: new BufferSource(file), formats: [MP4] });
  const track = await input.getPrimaryVideoTrack();
  if (!track) throw new Error('the file has no pictures');
  const packets: EncodedPacket[] = [];
  // The type is the container's, because the packets hold no real pictures.
  for await (const packet of new EncodedPacketSink(track).packets(undefined, undefined, {
    metadataOnly: true,
  }))
    packets.push(packet);
  return packets;
}
