import type { Output } from 'mediabunny';

/** What mediabunny 1.61 keeps of a fragmented MP4, in order to write the index at its end. */
interface MuxerInside {
  readonly _muxer?: { readonly trackDatas?: readonly { readonly finalizedChunks?: readonly Chunk[] }[] };
}

interface Chunk {
  readonly samples: unknown[];
}

/**
 * Releases the packets of finished fragments. mediabunny keeps an object for each packet until the end, 26
 * MiB per hour of recording, but its index needs only the first of each fragment. Call this with every
 * fragment. If a version of mediabunny has no such list, it does nothing.
 */
export function forgetPackets(output: Output): void {
  for (const { finalizedChunks } of (output as unknown as MuxerInside)._muxer?.trackDatas ?? [])
    finalizedChunks?.at(-1)?.samples.splice(1);
}
