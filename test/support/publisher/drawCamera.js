import { drawFrames } from './drawFrames.js';

const BAR_WIDTH_PX = 32;
const BAR_STEP_PX = 32;

/**
 * Draws a solid hue with a name, a frame counter, and a white bar that moves from left to right every two
 * seconds.
 */
export function drawCamera({ name, hueDeg, ...size }) {
  return drawFrames(size, (context, frameNumber) => {
    const { width, height } = context.canvas;
    context.fillStyle = `hsl(${hueDeg} 90% 45%)`;
    context.fillRect(0, 0, width, height);
    context.fillStyle = 'white';
    context.fillRect((frameNumber * BAR_STEP_PX) % width, 0, BAR_WIDTH_PX, height);
    context.font = '24px sans-serif';
    context.fillText(`${name} ${frameNumber}`, 16, 36);
  });
}
