import type { EncodedPacket } from 'mediabunny';
import { loadMediabunny, type SoundTrack, writeSound } from './extractSound.ts';

/** A part of the sound that a service takes as one file. Times are in seconds of the recording. */
export interface SoundPart {
  readonly startS: number;
  readonly durationS: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly fileName: string;
  readonly mediaType: string;
}

export interface PartLimits {
  readonly longestS: number;
  readonly mostBytes: number;
}

/**
 * OpenAI takes files of 25 MB, and for some models of 1500 s
 * (https://platform.openai.com/docs/guides/speech-to-text). Parts of ten minutes lose little where one has to be sent again.
 */
export const PART_LIMITS: PartLimits = { longestS: 600, mostBytes: 20 * 1024 * 1024 };

/** A part is cut in its last tenth, where this much of it is quietest. */
const LAST_SHARE = 0.1;
const QUIET_S = 0.5;

/**
 * Cuts a sound into parts that a service takes, each cut where least is heard. How much is heard is told by the sizes of the
 * encoded packets: silence takes a few bytes, speech takes hundreds. The same sound is always cut in the same way.
 */
export async function* soundParts(
  track: SoundTrack,
  { longestS, mostBytes }: PartLimits = PART_LIMITS,
): AsyncGenerator<SoundPart> {
  let packets: EncodedPacket[] = [];
  let bytes = 0;
  for await (const packet of track.packets()) {
    const lastsS = packet.timestamp + packet.duration - (packets[0] ?? packet).timestamp;
    if (packets.length > 0 && (lastsS > longestS || bytes + packet.byteLength > mostBytes)) {
      const cut = quietestCut(packets);
      yield await partOf(track, packets.slice(0, cut));
      packets = packets.slice(cut);
      bytes = packets.reduce((sum, { byteLength }) => sum + byteLength, 0);
    }
    packets.push(packet);
    bytes += packet.byteLength;
  }
  if (packets.length > 0) yield await partOf(track, packets);
}

/** The index of the packet with which the next part begins, in the middle of the quietest half second. At least 1. */
export function quietestCut(
  packets: readonly Pick<EncodedPacket, 'timestamp' | 'duration' | 'byteLength'>[],
): number {
  const last = packets.length - 1;
  const endS = (packets[last]?.timestamp ?? 0) + (packets[last]?.duration ?? 0);
  const fromS = endS - LAST_SHARE * (endS - (packets[0]?.timestamp ?? 0));
  let best = { cut: packets.length, bytes: Number.POSITIVE_INFINITY };
  let heard = 0;
  let first = packets.findIndex(({ timestamp }) => timestamp >= fromS);
  if (first < 0) return packets.length;
  for (let at = first; at < packets.length; at++) {
    const { timestamp, duration, byteLength } = packets[at] as EncodedPacket;
    heard += byteLength;
    if (timestamp + duration - (packets[first]?.timestamp ?? 0) < QUIET_S) continue;
    // Of several quiet places the last one makes the longest part.
    if (heard <= best.bytes) best = { cut: Math.floor((first + at + 1) / 2), bytes: heard };
    heard -= packets[first]?.byteLength ?? 0;
    first++;
  }
  return Math.max(1, best.cut);
}

async function partOf(track: SoundTrack, packets: readonly EncodedPacket[]): Promise<SoundPart> {
  const { BufferTarget } = await loadMediabunny();
  const target = new BufferTarget();
  await writeSound(track, packets, target);
  const startS = packets[0]?.timestamp ?? 0;
  const last = packets.at(-1);
  return {
    startS,
    durationS: last ? last.timestamp + last.duration - startS : 0,
    bytes: new Uint8Array(target.buffer ?? new ArrayBuffer(0)),
    ...(track.codec === 'aac'
      ? { fileName: 'sound.m4a', mediaType: 'audio/mp4' }
      : { fileName: 'sound.webm', mediaType: 'audio/webm' }),
  };
}
