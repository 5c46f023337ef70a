import { elementsIn, IDS, numberAt, unsignedIn } from './elements.ts';

/** A block of a cluster. */
export interface Block {
  readonly track: number;
  /** From the start of the recording, in ms. */
  readonly timeMs: number;
}

/** The blocks of the cluster whose content these bytes are. */
export function readCluster(content: Buffer): Block[] {
  let clusterMs = 0;
  const blocks: Block[] = [];
  for (const element of elementsIn(content, 0, content.length)) {
    if (element.id === IDS.timestamp) clusterMs = unsignedIn(content, element);
    if (element.id === IDS.simpleBlock) blocks.push(readBlock(content, element.contentStart, clusterMs));
    if (element.id !== IDS.blockGroup) continue;
    const block = elementsIn(content, element.contentStart, element.end).find(({ id }) => id === IDS.block);
    if (block) blocks.push(readBlock(content, block.contentStart, clusterMs));
  }
  return blocks;
}

function readBlock(bytes: Buffer, at: number, clusterMs: number): Block {
  const track = numberAt(bytes, at);
  if (track?.value == null) throw new Error(`the block at byte ${at} of the cluster cannot be read`);
  return { track: track.value, timeMs: clusterMs + bytes.readInt16BE(at + track.length) };
}
