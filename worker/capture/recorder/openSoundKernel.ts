/** The functions of kernel/kernel.ts. Addresses are bytes of `memory`. */
export interface SoundKernel {
  readonly memory: ArrayBuffer;
  readonly start: number;
  resample(
    out: number,
    input: number,
    weights: number,
    count: number,
    at: number,
    step: number,
    phases: number,
    taps: number,
  ): void;
}

const PAGE_BYTES = 65_536;

/**
 * Opens the compiled kernel. So many bytes of its memory are the caller's, and begin at `start`. The code has less than the
 * 4 KiB that may be compiled at once.
 */
export function openSoundKernel(code: BufferSource, bytes: number): SoundKernel {
  const pages = 1 + Math.ceil(bytes / PAGE_BYTES); // the first page is the module's own
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const abort = () => {
    throw new Error('the kernel was aborted');
  };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), { env: { memory, abort } });
  const resample = exports.resample as SoundKernel['resample'];
  return { memory: memory.buffer, start: PAGE_BYTES, resample };
}
