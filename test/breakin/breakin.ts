import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { findBrowser } from '../support/findBrowser.ts';
import { startCompositor } from '../support/startCompositor.ts';
import { isInside, runInside, whyNot } from './enterNamespace.ts';
import { JOB_WAYS } from './jobWays.ts';
import { layNetwork, TARGETS } from './layNetwork.ts';
import { type Ears, listen } from './listen.ts';
import { markdownOf, type Row } from './report.ts';
import { serveAttacker } from './serveAttacker.ts';
import { serveDns } from './serveDns.ts';
import { tryJobs } from './tryJobs.ts';
import { PAGE_WAYS, tryPage } from './tryPage.ts';

const DOCS = fileURLToPath(new URL('../../docs/bench', import.meta.url));
const RUN = fileURLToPath(new URL('../run.mjs', import.meta.url));
const FIRST_PORT = 20_000;

interface Options {
  readonly only: 'pages' | 'jobs' | undefined;
  readonly seconds: number;
  readonly control: boolean;
  readonly write: boolean;
}

/**
 * Tries every way out of the worker that is known, in a network of its own, against listeners that must hear nothing.
 * Prints what was heard. Exits with 1 if anything was.
 */
export async function main(argv: string[]): Promise<void> {
  const options = new Command('breakin')
    .option('--only <part>', 'pages or jobs')
    .option('--seconds <n>', 'how long each page waits for what is slow', Number, 8)
    .option('--no-control', 'leaves out the recording in which everything is allowed')
    .option('--write', 'writes docs/bench/breakin.md')
    .parse(argv)
    .opts<Options>();
  if (!isInside()) {
    const reason = whyNot();
    if (reason !== null) console.log(`skipped: ${reason}`);
    process.exitCode =
      reason === null ? await runInside([process.execPath, RUN, 'breakin/breakin', ...argv.slice(2)]) : 0;
    return;
  }
  const rows = await tryAll(options);
  for (const { name, heard, asked } of rows.filter(({ heard }) => heard.length > 0))
    console.log(`REACHED ${name} (${asked}): ${heard.join(', ')}`);
  const reached = rows.filter(({ heard }) => heard.length > 0).length;
  console.log(`${rows.length} ways in were tried, ${reached} reached something`);
  if (options.write) await writeFile(join(DOCS, 'breakin.md'), markdownOf(rows));
  process.exitCode = reached === 0 ? 0 : 1;
}

async function tryAll({ only, seconds, control }: Options): Promise<Row[]> {
  await layNetwork();
  const dns = await serveDns();
  const ways = PAGE_WAYS;
  const ears = await listen(FIRST_PORT, ways.length + JOB_WAYS.length);
  const attacker = await serveAttacker({ hosts: TARGETS, firstPort: FIRST_PORT, seconds });
  const chromium = await trusting(attacker.spki);
  const rows: Row[] = [];
  try {
    if (only !== 'jobs') rows.push(...(await tryPages(ears, ways, chromium, control)));
    if (only !== 'pages') rows.push(...(await tryJobs(ears, FIRST_PORT + ways.length, chromium)));
  } finally {
    attacker.close();
    ears.close();
    dns.close();
  }
  return rows;
}

async function tryPages(
  ears: Ears,
  ways: readonly string[],
  chromium: string,
  control: boolean,
): Promise<Row[]> {
  const rows: Row[] = [];
  const env = { COMPOSITOR_CHROMIUM: chromium };
  const works = control ? await withWorker({ ...env, COMPOSITOR_ALLOW_PRIVATE_URLS: '1' }, 'http') : null;
  for (const scheme of ['http', 'https'] as const) {
    const heard = await withWorker({ ...env, COMPOSITOR_ALLOW_PRIVATE_URLS: '0' }, scheme);
    for (const [at, name] of ways.entries())
      rows.push({
        name,
        asked: `by a page on ${scheme}`,
        heard: heard[at] as string[],
        works: works && (works[at] as string[]).length > 0,
      });
  }
  return rows;

  async function withWorker(settings: Record<string, string>, scheme: string): Promise<string[][]> {
    const compositor = await startCompositor(settings);
    try {
      ears.forget();
      await tryPage(compositor, scheme);
      return ways.map((_, at) => ears.heard(FIRST_PORT + at));
    } finally {
      await compositor.close();
    }
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
