import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { whyNot } from '../breakin/enterNamespace.ts';
import { PAGE_WAYS } from '../breakin/tryPage.ts';

const RUN = fileURLToPath(new URL('../run.mjs', import.meta.url));
const QUICKLY = ['breakin/breakin', '--quick', '--seconds', '3'];
const missing = whyNot();

test.skipIf(missing !== null)(
  `none of ${PAGE_WAYS.length} ways in reaches anything, from a page that tries them all and from jobs${missing === null ? '' : ` (${missing})`}`,
  async () => {
    const run = promisify(execFile)(process.execPath, [RUN, ...QUICKLY]);
    const { stdout } = await run.catch((failed: { stdout: string; stderr: string }) => failed);
    expect(stdout).toContain(', 0 reached something');
  },
);
