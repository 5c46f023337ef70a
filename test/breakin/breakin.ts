import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { findBrowser } from '../support/findBrowser.ts';
import { startCompositor } from '../support/startCompositor.ts';
import { isInside, runInside, whyNot } from './enterNamespace.ts';
import { JOB_WAYS, QUICK_JOBS } from './jobWays.ts';
import { layNetwork, TARGETS } from './layNetwork.ts';
import { type Ears, listen } from './listen.ts';
import { type Findings, type Row, writeReport } from './report.ts';
import { serveAttacker } from './serveAttacker.ts';
import { serveDns } from './serveDns.ts';
import { tryJobs } from './tryJobs.ts';
import { PAGE_WAYS, tryPage } from './tryPage.ts';

const DOCS = fileURLToPath(new URL('../../docs/bench', import.meta.url));
const RUN = fileURLToPath(new URL('../run.mjs', import.meta.url));
const FIRST_PORT = 20_000;

/** In turns, since each takes a while: the page with everything allowed, the page on http and https, and jobs. */
const PARTS = ['control', 'http', 'https', 'jobs'];
const QUICK_PARTS = ['http', 'jobs'];

interface Options {
  readonly only: string | undefined;
  readonly seconds: number;
  readonly quick: boolean;
  readonly write: boolean;
}

/**
 * Tries every way out of the worker that is known, in a network of its own, against listeners that must hear nothing.
 * Prints what was heard. Exits with 1 if anything was.
 */
export async function main(argv: string[]): Promise<void> {
  const options = new Command('breakin')
    .option('--only <parts>', `of ${PARTS.join(',')}`)
    .option('--seconds <n>', 'how long each page waits for what is slow', Number, 8)
    .option('--quick', 'one page on http, and a few jobs', false)
    .option('--write', 'writes docs/bench/breakin.md, and keeps there what was not tried this time')
    .parse(argv)
    .opts<Options>();
  if (!isInside()) {
    const reason = whyNot();
    if (reason !== null) console.log(`skipped: ${reason}`);
    const again = [process.execPath, RUN, 'breakin/breakin', ...argv.slice(2)];
    process.exitCode = reason === null ? await runInside(again) : 0;
    return;
  }
  const found = await tryAll(options);
  const reached = found.rows.filter(({ heard }) => heard.length > 0);
  for (const { name, heard, asked } of reached)
    console.log(`REACHED ${name} (${asked}): ${heard.join(', ')}`);
  if (found.working.length > 0)
    console.log(
      `${found.working.length} of ${PAGE_WAYS.length} ways of a page work where everything is allowed`,
    );
  console.log(`${found.rows.length} ways in were tried, ${reached.length} reached something`);
  if (options.write) await writeReport(DOCS, found);
  process.exitCode = reached.length === 0 ? 0 : 1;
}

async function tryAll({ only, seconds, quick }: Options): Promise<Findings> {
  const parts = only?.split(',') ?? (quick ? QUICK_PARTS : PARTS);
  await layNetwork();
  const dns = await serveDns();
  const ears = await listen(FIRST_PORT, PAGE_WAYS.length + JOB_WAYS.length);
  const attacker = await serveAttacker({ hosts: TARGETS, firstPort: FIRST_PORT, seconds });
  const chromium = await trusting(attacker.spki);
  const rows: Row[] = [];
  let working: string[] = [];
  try {
    if (parts.includes('control')) {
      const heard = await heardFrom(ears, chromium, 'http', '1');
      working = PAGE_WAYS.filter((_, at) => (heard[at] as string[]).length > 0);
    }
    for (const scheme of ['http', 'https'].filter((part) => parts.includes(part))) {
      const heard = await heardFrom(ears, chromium, scheme, '0');
      const asked = `by a page on ${scheme}`;
      rows.push(...PAGE_WAYS.map((name, at) => ({ name, asked, heard: heard[at] as string[] })));
    }
    if (parts.includes('jobs'))
      rows.push(
        ...(await tryJobs(ears, FIRST_PORT + PAGE_WAYS.length, chromium, quick ? QUICK_JOBS : JOB_WAYS)),
      );
  } finally {
    attacker.close();
    ears.close();
    dns.close();
  }
  return { working, rows };
}

/** What each way of a page has reached. */
async function heardFrom(
  ears: Ears,
  chromium: string,
  scheme: string,
  allowPrivateUrls: '0' | '1',
): Promise<string[][]> {
  const compositor = await startCompositor({
    COMPOSITOR_CHROMIUM: chromium,
    COMPOSITOR_ALLOW_PRIVATE_URLS: allowPrivateUrls,
  });
  try {
    ears.forget();
    await tryPage(compositor, scheme);
    return PAGE_WAYS.map((_, at) => ears.heard(FIRST_PORT + at));
  } finally {
    await compositor.close();
  }
}

/** A browser that trusts the attacker's certificate. */
async function trusting(spki: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'breakin-')), 'chromium');
  const flag = `--ignore-certificate-errors-spki-list=${spki}`;
  await writeFile(path, `#!/bin/sh\nexec ${findBrowser()} "$@" ${flag}\n`);
  await chmod(path, 0o755);
  return path;
}
