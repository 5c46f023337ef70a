import type { Output } from 'mediabunny';

/** What mediabunny 1.61 keeps of a fragmented MP4, for the index at its end. */
interface MuxerInside {
  readonly _muxer?: { readonly trackDatas?: readonly { readonly finalizedChunks?: readonly Chunk[] }[] };
}

interface Chunk {
  readonly samples: unknown[];
}

/**
 * Lets go of the packets of finished fragments. mediabunny keeps an object for each to the end, 26 MiB in an hour
 * of recording, but its index needs only the first of each fragment. To be called with every fragment; where a
 * version of mediabunny has nothing of the kind, it does nothing.
 */
export function forgetPackets(output: Output): void {
  for (const { finalizedChunks } of (output as unknown as MuxerInside)._muxer?.trackDatas ?? [])
    finalizedChunks?.at(-1)?.samples.splice(1);
}
