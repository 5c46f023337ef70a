import { drawFrames } from './drawFrames.js';

const LINES = 14;

/** Draws a light page of text lines that scrolls, under a title bar of a solid hue (the upper fifth). */
export function drawScreen({ hueDeg, ...size }) {
  return drawFrames(size, (context, frameNumber) => {
    const { width, height } = context.canvas;
    context.fillStyle = 'white';
    context.fillRect(0, 0, width, height);
    context.fillStyle = '#222';
    context.font = '22px monospace';
    for (let line = 0; line < LINES; line++) {
      const number = line + Math.floor(frameNumber / 10);
      context.fillText(`${number}  the shared screen, line ${number}`, 32, height * 0.28 + line * 32);
    }
    context.fillStyle = `hsl(${hueDeg} 90% 35%)`;
    context.fillRect(0, 0, width, height / 5);
  });
}
