import type { Output } from 'mediabunny';

/** How mediabunny 1.61 writes a fragmented MP4, packet by packet. */
interface MuxerInside {
  addSampleToTrack(track: Track, packet: Packet): Promise<void>;
  /** Works out when each packet that has arrived is decoded. mediabunny does it once for each key frame. */
  processTimestamps(track: Track): void;
  finalizeFragment(): Promise<void>;
  readonly trackDatas: readonly Track[];
}

interface Track {
  readonly currentChunk: { readonly startTimestamp: number } | null;
}

interface Packet {
  /** In seconds. */
  readonly timestamp: number;
}

/**
 * Ends a fragment as soon as it is this many seconds long. mediabunny waits for the next key frame, which can
 * be 2 s away, and a crash loses the fragment that is not written yet. A fragment may begin with any picture;
 * its flags say which ones are key frames. This needs pictures that are decoded in the order in which they are
 * shown, as all our encoders make them. Call this before the first packet. If a version of mediabunny has other
 * insides, it does nothing.
 */
export function cutFragments(output: Output, longestS: number): void {
  const muxer = (output as unknown as { readonly _muxer?: Partial<MuxerInside> })._muxer;
  if (!isKnown(muxer)) return;
  const add = muxer.addSampleToTrack.bind(muxer);
  muxer.addSampleToTrack = async (track, packet) => {
    const sinceS = track.currentChunk?.startTimestamp;
    if (sinceS !== undefined && packet.timestamp - sinceS >= longestS) {
      for (const one of muxer.trackDatas) muxer.processTimestamps(one);
      await muxer.finalizeFragment();
    }
    await add(track, packet);
  };
}

function isKnown(muxer: Partial<MuxerInside> | undefined): muxer is MuxerInside {
  return Boolean(
    muxer?.addSampleToTrack && muxer.processTimestamps && muxer.finalizeFragment && muxer.trackDatas,
  );
}
