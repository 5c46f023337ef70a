/**
 * Calls `draw(context, frameNumber)` at a steady rate. Returns the picture as a video track and as a canvas, a function that
 * draws the next one at once, and one that ends it.
 */
export function drawFrames({ widthPx, heightPx, framesPerSecond }, draw) {
  const canvas = document.createElement('canvas');
  canvas.width = widthPx;
  canvas.height = heightPx;
  const context = canvas.getContext('2d', { alpha: false });
  let frameNumber = 0;
  const drawNext = () => draw(context, frameNumber++);
  drawNext();
  const timer = setInterval(drawNext, 1000 / framesPerSecond);
  const [track] = canvas.captureStream(framesPerSecond).getVideoTracks();
  return { track, canvas, drawNext, stop: () => clearInterval(timer) };
}
