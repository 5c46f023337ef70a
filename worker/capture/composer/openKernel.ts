/** The functions of kernel/kernel.ts. Addresses are bytes of `memory`. */
interface KernelFunctions {
  differs(a: number, b: number, count: number, tolerance: number): number;
  shares(out: number, black: number, white: number, count: number): void;
  halveShares(out: number, shares: number, width: number, height: number): void;
  blend(
    out: number,
    base: number,
    share: number,
    stride: number,
    video: number,
    videoStride: number,
    width: number,
    height: number,
    zero: number,
  ): void;
  scale(
    out: number,
    outStride: number,
    width: number,
    height: number,
    source: number,
    sourceStride: number,
    sourceWidth: number,
    sourceHeight: number,
    firstX: number,
    firstY: number,
    stepX: number,
    stepY: number,
    scratch: number,
  ): void;
  halve(
    out: number,
    outStride: number,
    width: number,
    height: number,
    source: number,
    sourceStride: number,
  ): void;
  fromRgb(
    y: number,
    u: number,
    v: number,
    pixels: number,
    stride: number,
    width: number,
    height: number,
    red: number,
  ): void;
}

/** The kernel with its memory. */
export interface Kernel extends KernelFunctions {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Resolves to where so many bytes are the caller's until they are freed. Throws RangeError where there are no more. */
  allocate(bytes: number): number;
  free(address: number): void;
}

/**
 * 512 MiB, which are taken from the machine only where they are written. Memory that grew would move, under
 * pictures that are just being copied into it.
 */
const PAGES = 8192;
const PAGE_BYTES = 65_536;
const ALIGNMENT_BYTES = 16;

/** Opens the compiled kernel. */
export async function openKernel(code: BufferSource): Promise<Kernel> {
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES });
  const abort = () => {
    throw new Error('the kernel was aborted');
  };
  const { instance } = await WebAssembly.instantiate(code, { env: { memory, abort } });
  const exported = instance.exports as unknown as KernelFunctions;
  let end = PAGE_BYTES; // the first page is the module's own
  const sizes = new Map<number, number>();
  const freed = new Map<number, number[]>();
  return {
    ...exported,
    bytes: new Uint8Array(memory.buffer),
    allocate: (wanted) => {
      const size = 2 ** Math.ceil(Math.log2(Math.max(ALIGNMENT_BYTES, wanted)));
      const again = freed.get(size)?.pop();
      if (again !== undefined) return again;
      const address = Math.ceil(end / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
      if (address + size > PAGES * PAGE_BYTES)
        throw new RangeError(`there is no room for ${wanted} more bytes of pictures`);
      end = address + size;
      sizes.set(address, size);
      return address;
    },
    free: (address) => {
      const size = sizes.get(address) as number;
      freed.set(size, [...(freed.get(size) ?? []), address]);
    },
  };
}
