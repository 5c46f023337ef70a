import type { Plugin } from 'vite';
import { compileKernel } from './compileKernel.ts';

/** The kernel of that folder as the module virtual:kernel: its bytes in base64. */
export function kernelPlugin(folder: string): Plugin {
  return {
    name: 'kernel',
    resolveId: (id) => (id === 'virtual:kernel' ? '\0kernel' : null),
    load: async (id) =>
      id === '\0kernel'
        ? `export default ${JSON.stringify(Buffer.from(await compileKernel(folder)).toString('base64'))}`
        : null,
  };
}
