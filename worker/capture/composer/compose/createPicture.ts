import type { Kernel } from '../openKernel.ts';
import type { Tile } from '../tile.ts';
import type { Matte } from './createMattes.ts';
import { placeVideo } from './placeVideo.ts';
import { type Planes, planeLayout, planesBytes } from './planes.ts';
import type { Video } from './readVideo.ts';

/** The picture that is recorded: what the matte tells, and the next frame of each video. */
export interface Picture {
  /** From now on, the picture is made with this matte. */
  use(matte: Matte): void;
  /** Null before the first matte, and where it would be as the last one. The frame is the caller's to close. */
  make(videos: ReadonlyMap<number, Video>, timestampUs: number): Promise<VideoFrame | null>;
}

export function createPicture(kernel: Kernel, width: number, height: number): Picture {
  const bytes = planesBytes(width, height);
  const allocate = (): Planes => ({ address: kernel.allocate(bytes), width, height });
  const [out, base, shares] = [allocate(), allocate(), allocate()];
  let tiles: readonly Tile[] | null = null;
  let isFresh = false;

  return {
    use: ({ black, white, tiles: where }) => {
      kernel.bytes.copyWithin(base.address, black.address, black.address + bytes);
      kernel.shares(shares.address, black.address, white.address, width * height);
      kernel.halveShares(shares.address + width * height, shares.address, width, height);
      tiles = where;
      isFresh = true;
    },
    make: async (videos, timestamp) => {
      if (tiles === null) return null;
      const now = tiles;
      const read = await Promise.all(now.map(({ id }) => videos.get(id)?.read() ?? null));
      if (now !== tiles) return null; // another matte has come meanwhile
      if (!isFresh && !read.some((video) => video?.isNew)) return null;
      if (isFresh) kernel.bytes.copyWithin(out.address, base.address, base.address + bytes);
      now.forEach((tile, index) => {
        const video = read[index];
        if (video && (video.isNew || isFresh)) placeVideo(kernel, { out, base, shares }, tile, video.planes);
      });
      isFresh = false;
      return new VideoFrame(kernel.bytes.subarray(out.address, out.address + bytes), {
        format: 'I420',
        codedWidth: width,
        codedHeight: height,
        layout: planeLayout(width, height),
        timestamp,
        colorSpace: { primaries: 'bt709', transfer: 'bt709', matrix: 'bt709', fullRange: false },
      });
    },
  };
}
