/** Of a picture, in pixels. */
export interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

const SIZES: Readonly<Record<string, Size>> = {
  '720p': { widthPx: 1280, heightPx: 720 },
  '1080p': { widthPx: 1920, heightPx: 1080 },
};

/** The size of this name. Throws if there is none. */
export function sizeNamed(name: string): Size {
  const size = SIZES[name];
  if (!size) throw new Error(`the size ${name} is not one of ${Object.keys(SIZES).join(', ')}`);
  return size;
}
