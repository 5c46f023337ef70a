const BLOCK_LENGTH = 16_384;

type NumberArray = Uint8Array | Uint32Array | Int32Array | Float64Array;

/** A list of numbers that needs little memory, and grows without being copied. */
export interface GrowingNumbers {
  readonly length: number;
  push(value: number): void;
  /** Throws for an index beyond the end. */
  at(index: number): number;
  /** Replaces a number of the list. */
  set(index: number, value: number): void;
}

/** `Block` decides which numbers fit, and how many bytes each takes. */
export function growingNumbers(Block: new (length: number) => NumberArray): GrowingNumbers {
  const blocks: NumberArray[] = [];
  let length = 0;
  const blockOf = (index: number) => {
    const block = blocks[Math.floor(index / BLOCK_LENGTH)];
    if (index < 0 || index >= length || !block)
      throw new Error(`the list has ${length} numbers, and none at ${index}`);
    return block;
  };
  return {
    get length() {
      return length;
    },
    push: (value) => {
      if (length === blocks.length * BLOCK_LENGTH) blocks.push(new Block(BLOCK_LENGTH));
      length++;
      blockOf(length - 1)[(length - 1) % BLOCK_LENGTH] = value;
    },
    at: (index) => blockOf(index)[index % BLOCK_LENGTH] as number,
    set: (index, value) => {
      blockOf(index)[index % BLOCK_LENGTH] = value;
    },
  };
}
