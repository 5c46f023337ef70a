/** How far a file is kept in the bucket, so that its parts can be gone on with on another machine. */
export interface KeptState {
  /** Grows with each process that writes the file. */
  readonly generation: number;
  /** The first parts of the file, whose bytes are kept as they are; 0 if they are not kept yet. */
  readonly headParts: number;
  /** The last part of which is kept what lies in it. */
  readonly lastPart: number;
  /** Whether anything is kept. */
  readonly isAny: boolean;
}

export const NOTHING_KEPT: KeptState = { generation: 0, headParts: 0, lastPart: 0, isAny: false };

const GENERATION_DIGITS = 15;
const NUMBER_DIGITS = 7;

/** The name of what a process has kept. In the order of their names, they follow on one another. */
export function nameOfKept(generation: number, number: number, kind: string): string {
  return [padded(generation, GENERATION_DIGITS), padded(number, NUMBER_DIGITS), kind].join('-');
}

/** Which process has kept what has that name. */
export function generationOf(name: string): number {
  return Number(name.slice(0, GENERATION_DIGITS));
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
