/** Only every nth pixel of every nth row is read. */
const STRIDE_PX = 4;
/** Within these luma and chroma steps (of 255), a picture looks like one flat colour. */
const FLAT_WITHIN = 10;

/** Whether a frame is one flat colour. */
export async function isBlank(frame: VideoFrame): Promise<boolean> {
  const planes = new Uint8Array(frame.allocationSize());
  const layouts = await frame.copyTo(planes);
  const { width, height } = frame.codedRect ?? {
    width: frame.codedWidth,
    height: frame.codedHeight,
  };
  return layouts.every(({ offset, stride }, plane) => {
    // In I420 the second and third plane, which hold the colours, are half as wide and half as high.
    const scale = plane === 0 ? 1 : 2;
    return isFlat(planes, offset, stride, Math.floor(width / scale), Math.floor(height / scale));
  });
}

function isFlat(bytes: Uint8Array, offset: number, stride: number, width: number, height: number): boolean {
  let low = 255;
  let high = 0;
  for (let y = 0; y < height; y += STRIDE_PX) {
    for (let x = 0; x < width; x += STRIDE_PX) {
      const value = bytes[offset + y * stride + x] ?? 0;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (high - low > FLAT_WITHIN) return false;
  }
  return true;
}
