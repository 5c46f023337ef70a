/** In pixels. It is shown in lists, among many others. */
const WIDEST = 640;
const QUALITY = 0.7;

/** A frame as a JPEG in base64, at most 640 pixels wide. */
export async function jpegOf(frame: VideoFrame): Promise<string> {
  const { displayWidth, displayHeight } = frame;
  const scale = Math.min(1, WIDEST / displayWidth);
  const canvas = new OffscreenCanvas(Math.round(displayWidth * scale), Math.round(displayHeight * scale));
  // At once: the frame may be closed while the picture is encoded.
  canvas.getContext('2d')?.drawImage(frame, 0, 0, canvas.width, canvas.height);
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
  return new Uint8Array(await blob.arrayBuffer()).toBase64();
}
