import asc from 'assemblyscript/asc';

/** Compiles the kernel.ts of a folder to WebAssembly. Throws with what the compiler says. */
export async function compileKernel(folder: string): Promise<Uint8Array> {
  let binary: Uint8Array | null = null;
  const { error, stderr } = await asc.main(
    [
      'kernel.ts',
      '--outFile',
      'kernel.wasm',
      '-O3',
      '--enable',
      'simd',
      '--noAssert',
      '--runtime',
      'stub',
      '--importMemory',
      '--baseDir',
      folder,
    ],
    {
      writeFile: (_, contents) => {
        binary = contents as Uint8Array;
      },
    },
  );
  if (error || binary === null)
    throw new Error(`The kernel does not compile: ${stderr.toString() || error?.message}`);
  return binary;
}
