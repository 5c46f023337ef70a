/** How many bits a code has. Bit 0 is at the left. A reader is in test/bench/readFrameCodes.ts. */
const BITS = 8;
/** The side of the square of one bit, as a share of the width of the picture. */
const SQUARE = 1 / 20;

/**
 * Draws a number below 256 into the middle of a picture: a row of squares, white for 1 and black for 0, and below it the same
 * with the colours exchanged, so that whoever reads it knows whether the number was read well.
 */
export function drawFrameCode(context, number) {
  const { width, height } = context.canvas;
  const sidePx = width * SQUARE;
  const left = (width - BITS * sidePx) / 2;
  for (let bit = 0; bit < BITS; bit++)
    for (let row = 0; row < 2; row++) {
      context.fillStyle = ((number >> bit) & 1) === 1 - row ? 'white' : 'black';
      context.fillRect(left + bit * sidePx, height / 2 + (row - 1) * sidePx, sidePx, sidePx);
    }
}
