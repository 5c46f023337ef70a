// Runs a TypeScript file below this folder: node test/run.mjs bench/bench|bench/soak|bench/profile|generate/docs [options]
import { runnerImport } from 'vite';

const [, , script, ...args] = process.argv;
process.argv = [process.argv[0], script, ...args];
const { module } = await runnerImport(new URL(`${script}.ts`, import.meta.url).pathname);
await module.main(process.argv);
process.exit(); // browsers of peers may leave handles open
