import { frameTimes } from '../support/inspect/frameTimes.ts';
import { streamTool } from './streamTool.ts';

/** Where a camera's video lies in the recorded picture, in pixels: the part of it that `object-fit: cover` leaves fills this. */
export interface Tile {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Of the camera: width by height. */
  readonly aspect: number;
}

/** A picture of a recorded call. */
export interface CodedFrame {
  readonly atS: number;
  /** The number in the picture of each camera; null where it cannot be read. */
  readonly codes: readonly (number | null)[];
}

/** As in test/support/publisher/drawFrameCode.js. */
const BITS = 8;
const SQUARE = 1 / 20;

/** Reads the number that a prepared camera draws into each of its pictures, from each tile of each picture of a recording. */
export async function readFrameCodes(path: string, tiles: readonly Tile[]): Promise<CodedFrame[]> {
  const times = await frameTimes(path);
  const looks = tiles.map(
    (tile, index) => `[in${index}]${cropOf(tile)},scale=${BITS}:2:flags=area[code${index}]`,
  );
  const outs = (name: string) => tiles.map((_, index) => `[${name}${index}]`).join('');
  const joined =
    tiles.length > 1 ? `${outs('code')}vstack=inputs=${tiles.length}[codes]` : '[code0]copy[codes]';
  const graph = [`[0:v:0]format=gray,split=${tiles.length}${outs('in')}`, ...looks, joined].join(';');
  const args = ['-i', path, '-filter_complex', graph, '-map', '[codes]', '-fps_mode', 'passthrough'];
  const frames: CodedFrame[] = [];
  for await (const squares of streamTool([...args, '-f', 'rawvideo', '-'], tiles.length * BITS * 2)) {
    const time = times[frames.length];
    if (time === undefined) break;
    const codes = tiles.map((_, index) => codeIn(squares.subarray(index * BITS * 2)));
    frames.push({ atS: time.atS, codes });
  }
  return frames;
}

function cropOf({ left, top, width, height, aspect }: Tile): string {
  const sidePx = Math.max(width, height * aspect) * SQUARE;
  const size = [BITS * sidePx, 2 * sidePx];
  const corner = [left + width / 2 - (BITS / 2) * sidePx, top + height / 2 - sidePx];
  return `crop=${[...size, ...corner].map(Math.round).join(':')}:exact=1`;
}

/** The number of a row of squares and of the row below it, which has the colours exchanged. */
function codeIn(squares: Buffer): number | null {
  let code = 0;
  for (let bit = 0; bit < BITS; bit++) {
    const isWhite = (squares[bit] as number) > 127;
    if (isWhite === (squares[BITS + bit] as number) > 127) return null;
    if (isWhite) code += 2 ** bit;
  }
  return code;
}
