import type { Kernel } from '../openKernel.ts';
import type { Box, Tile } from '../tile.ts';
import { type Plane, type Planes, planeOf } from './planes.ts';

/** A picture into which videos are put. All planes have its size. */
export interface Canvas {
  readonly out: Planes;
  /** The picture with black videos. */
  readonly base: Planes;
  /** How much of the video shows in each sample; the second and third plane are the same. */
  readonly shares: Planes;
}

/** What a stand-in showed when the picture with black videos was taken, in luma and in both chroma planes. */
const ZEROS = [16, 128, 128] as const;
const FIXED = 65_536;
/**
 * Bilinear scaling leaves samples out where more than two become one. Chromium does so at any scale; from here on, that would
 * be seen as stairs.
 */
const HALVED_FROM = 3;
const SCRATCH_OVER_BYTES = 64;

/** Puts a video where its tile is. What lies over the video, and how it is cut, comes from the canvas. */
export function placeVideo(kernel: Kernel, canvas: Canvas, tile: Tile, video: Planes): void {
  for (const index of [0, 1, 2] as const) {
    const plane = planeOf(canvas.out, index);
    // In a chroma plane, one sample stands for two pixels in each direction.
    const unit = index === 0 ? 1 : 2;
    const area = samplesIn(tile.clip, unit, plane);
    if (area.width <= 0 || area.height <= 0) continue;
    const fitted = fitPlane(kernel, tile, planeOf(video, index), video, area, unit);
    const at = area.top * plane.stride + area.left;
    kernel.blend(
      plane.address + at,
      planeOf(canvas.base, index).address + at,
      planeOf(canvas.shares, index === 2 ? 1 : index).address + at,
      plane.stride,
      fitted.address,
      fitted.stride,
      area.width,
      area.height,
      ZEROS[index],
    );
    fitted.free();
  }
}

/** The whole samples of a plane that a box of pixels touches. */
function samplesIn({ left, top, width, height }: Box, unit: number, plane: Plane): Box {
  const x = Math.max(0, Math.floor(left / unit));
  const y = Math.max(0, Math.floor(top / unit));
  return {
    left: x,
    top: y,
    width: Math.min(plane.width, Math.ceil((left + width) / unit)) - x,
    height: Math.min(plane.height, Math.ceil((top + height) / unit)) - y,
  };
}

/** The part of a video that lies in the area, one sample for each of the picture's. */
function fitPlane(
  kernel: Kernel,
  { box, isMirrored }: Tile,
  whole: Plane,
  video: Planes,
  area: Box,
  unit: number,
): { readonly address: number; readonly stride: number; free(): void } {
  const x = axisOf(area.left, unit, box.left, box.width, video.width, isMirrored);
  const y = axisOf(area.top, unit, box.top, box.height, video.height, false);
  const taken: number[] = [];
  const free = () => {
    for (const address of taken) kernel.free(address);
  };
  const room = (bytes: number) => {
    const address = kernel.allocate(bytes);
    taken.push(address);
    return address;
  };
  if (isWhole(x, area.width, whole.width) && isWhole(y, area.height, whole.height)) {
    return {
      address: whole.address + Math.round(y.first) * whole.stride + Math.round(x.first),
      stride: whole.stride,
      free,
    };
  }
  let source = whole;
  let scaling = 1;
  while (
    Math.min(Math.abs(x.step), y.step) >= HALVED_FROM * scaling &&
    source.width >= 4 &&
    source.height >= 4
  ) {
    const [width, height] = [source.width >> 1, source.height >> 1];
    const address = room(width * height + 16);
    kernel.halve(address, width, width, height, source.address, source.stride);
    source = { address, stride: width, width, height };
    scaling *= 2;
  }
  const address = room(area.width * area.height);
  const scratch = room(8 * area.width + source.width + SCRATCH_OVER_BYTES);
  const first = (axis: Axis) => Math.round(((axis.first + 0.5) / scaling - 0.5) * FIXED);
  const step = (axis: Axis) => Math.round((axis.step / scaling) * FIXED);
  kernel.scale(
    address,
    area.width,
    area.width,
    area.height,
    source.address,
    source.stride,
    source.width,
    source.height,
    first(x),
    first(y),
    step(x),
    step(y),
    scratch,
  );
  return { address, stride: area.width, free };
}

/** Where the samples of an area lie in a video, along one axis: in samples of the video, 0 is the centre of its first. */
interface Axis {
  readonly first: number;
  readonly step: number;
}

function axisOf(
  from: number,
  unit: number,
  start: number,
  length: number,
  pixels: number,
  isMirrored: boolean,
): Axis {
  const scaling = pixels / length;
  const centre = ((from + 0.5) * unit - start) * scaling;
  const position = isMirrored ? pixels - centre : centre;
  return { first: position / unit - 0.5, step: isMirrored ? -scaling : scaling };
}

/** Whether each sample of the area is just one of the video's. */
function isWhole({ first, step }: Axis, length: number, samples: number): boolean {
  const isNear = (a: number, b: number) => Math.abs(a - b) < 0.02;
  return (
    isNear(step, 1) &&
    isNear(first, Math.round(first)) &&
    first >= -0.02 &&
    Math.round(first) + length <= samples &&
    Math.abs(step - 1) * length < 0.1
  );
}
