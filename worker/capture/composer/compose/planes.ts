/** A picture in I420: three planes of 8 bits in the kernel's memory, the second and third half as wide and half as high. */
export interface Planes {
  readonly address: number;
  readonly width: number;
  readonly height: number;
}

/** One plane: its first sample, the distance of its rows, and its size. */
export interface Plane {
  readonly address: number;
  readonly stride: number;
  readonly width: number;
  readonly height: number;
}

/** How many bytes the planes take. Odd sizes have a chroma sample for the last column and row. */
export function planesBytes(width: number, height: number): number {
  return width * height + 2 * half(width) * half(height);
}

export function planeOf({ address, width, height }: Planes, index: 0 | 1 | 2): Plane {
  if (index === 0) return { address, stride: width, width, height };
  const [w, h] = [half(width), half(height)];
  return { address: address + width * height + (index - 1) * w * h, stride: w, width: w, height: h };
}

/** Where VideoFrame.copyTo puts the planes, from the first sample on. */
export function planeLayout(width: number, height: number): PlaneLayout[] {
  const chroma = half(width) * half(height);
  return [
    { offset: 0, stride: width },
    { offset: width * height, stride: half(width) },
    { offset: width * height + chroma, stride: half(width) },
  ];
}

function half(size: number): number {
  return (size + 1) >> 1;
}
