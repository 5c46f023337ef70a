import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXIT } from '../../../../worker/cli/exitCodes.ts';
import { eventually } from '../../../support/eventually.ts';
import { runCli, startCli } from '../../../support/runCli.ts';
import { type ApiWorld, KEYS, QUEUE, startApi } from '../../../support/startApi.ts';
import { redisMissing } from '../../../support/startRedis.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await startApi();
});
afterAll(() => world?.close());

const withServer = () => ({
  ...{ COMPOSITOR_URL: world.url, COMPOSITOR_API_KEY: KEYS.acme.key },
  COMPOSITOR_API_SECRET: KEYS.acme.secret,
});
const withRedis = () => ({ REDIS_URL: world.redisUrl, COMPOSITOR_QUEUE: QUEUE });
const cli = (...args: string[]) => runCli(args, withServer());

async function start(callId: string): Promise<string> {
  return (await world.call('POST', '/api/v1/recordings', { call_id: callId })).body.id;
}

describe.skipIf(redisMissing)('the command line', () => {
  test('starts a recording, and prints its id for scripts', async () => {
    const args = ['webinar-1', '--quality', '360p', '--layout', 'grid', '--option', 'title.text=Hello'];
    const { code, stdout } = await cli('start', ...args, '--option', 'layout.grid.page_size=4');
    expect(code).toBe(EXIT.done);
    const job = (await world.jobs()).find(({ id }) => id === stdout.trim())?.data;
    expect(job).toMatchObject({
      call: { type: 'default', id: 'webinar-1' },
      recording: {
        quality: '360p',
        layout: { name: 'grid', options: { 'title.text': 'Hello', 'layout.grid.page_size': 4 } },
      },
    });
  });

  test('lists as a table for people, and as JSON for programs', async () => {
    const id = await start('listed');
    const table = await cli('list', '--call', 'listed');
    expect(table.stdout.split('\n')[0]).toMatch(/^id +state +call +created +by +length +size$/);
    expect(table.stdout).toMatch(new RegExp(`^${id} +queued +default:listed`, 'm'));
    const json = await cli('list', '--call', 'listed', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject([{ id, state: 'queued', call_id: 'listed' }]);
    const none = await cli('list', '--call', 'nobody');
    expect(none).toMatchObject({ code: EXIT.done, stdout: 'there are no such recordings\n' });
  });

  test('waits for the end of a recording that it has started, and says how it ended', async () => {
    const run = startCli(['start', 'waited', '--wait', '--json'], withServer());
    const id = await eventually(
      'it is started',
      async () => {
        const { recordings } = (await world.call('GET', '/api/v1/recordings?call_id=waited')).body;
        return recordings[0]?.id as string | undefined;
      },
      { withinMs: 30_000 },
    );
    await eventually('its id is told', () =>
      run.output.stderr.includes(`the recording ${id} of default:waited is queued`),
    );
    await world.begins(id);
    await world.progresses(id, { elapsed_s: 2, frames: 60, dropped_frames: 1, size_bytes: 2e6 });
    await eventually('its progress is shown', () =>
      run.output.stderr.includes('2 s  60 frames  1 dropped  2.0 MB'),
    );
    await world.ends(id);
    expect(await run.ended).toBe(EXIT.done);
    expect(JSON.parse(run.output.stdout)).toMatchObject({ id, state: 'ready', files: [{ frames: 90 }] });
  });

  test('watches one recording as one JSON object a line, and tells a failed one by its exit code', async () => {
    const id = await start('watched');
    const run = startCli(['watch', id, '--json'], withServer());
    await world.begins(id);
    const failed = { status: 'failed', files: [], error: null, end_reason: 'page_crashed' };
    await world.tells(id, { type: 'call.recording_failed', result: failed as never });
    expect(await run.ended).toBe(EXIT.recordingFailed);
    const events = run.output.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ type }) => type)).toEqual(['call.recording_phase', 'call.recording_failed']);
    expect(events[0]).toMatchObject({ recording_id: id, position: expect.stringMatching(/-/) });
  });

  test('changes, stops, shows and deletes a recording', async () => {
    const id = await start('changed');
    await world.begins(id);
    expect((await cli('update', id, '--layout', 'grid', '--option', 'title.text=', '--no-css')).stdout).toBe(
      `changed ${id}\n`,
    );
    expect(await world.layoutChanges(id)).toEqual([
      { name: 'grid', options: { 'title.text': null }, external_css_url: null },
    ]);
    expect((await cli('stop', id)).stdout).toBe(`stopping ${id}\n`);
    expect(await world.stops()).toContain(id);
    await world.ends(id);
    const { stdout } = await cli('get', id);
    expect(stdout).toMatch(/^state +ready$/m);
    expect(stdout).toMatch(/^length +0:00:03$/m);
    expect(stdout).toMatch(/^file +http:\/\/files\.example/m);
    expect(JSON.parse((await cli('get', id, '--json')).stdout)).toMatchObject({ id, state: 'ready' });
    expect(await cli('delete', id)).toMatchObject({ code: EXIT.done, stdout: `deleted ${id}\n` });
    expect((await cli('get', id)).code).toBe(EXIT.notFound);
  });

  test('shows what pages and services say without what a terminal would carry out', async () => {
    const id = await start('hostile');
    await world.begins(id);
    const message = 'bad\u001b]0;title\u0007\u009b2J\nforged line \u202etxet';
    await world.tells(id, {
      type: 'call.recording_warning',
      warning: { code: 'page_console_error', message, at_s: 1 },
    });
    const run = startCli(['watch', id], withServer());
    await world.ends(id);
    await run.ended;
    const { stdout } = await cli('get', id);
    for (const text of [run.output.stderr, stdout]) {
      expect(text).toContain('2J forged line');
      expect(text).not.toMatch(/[^\P{Cc}\n\r]|\u202e/u);
    }
  });

  test('stops and shows a recording of the queue where no server is named', async () => {
    const id = await start('without-server');
    expect(await runCli(['stop', id], withRedis())).toMatchObject({
      code: EXIT.done,
      stdout: `stopping ${id}\n`,
    });
    expect(await world.stops()).toContain(id);
    const { stdout, code } = await runCli(['get', id], withRedis());
    expect(code).toBe(EXIT.done);
    expect(JSON.parse(stdout)).toMatchObject({ recording_id: id, state: 'queued' });
    for (const command of ['get', 'stop'])
      expect((await runCli([command, 'nobody'], withRedis())).code).toBe(EXIT.notFound);
    const list = await runCli(['list'], withRedis());
    expect(list).toMatchObject({ code: EXIT.failed, stderr: expect.stringContaining('No server is named') });
  });

  test('tells by its exit code what went wrong', async () => {
    const other = (changes: Record<string, string>) => runCli(['list'], { ...withServer(), ...changes });
    expect((await other({ COMPOSITOR_API_SECRET: 'not the secret of the key' })).code).toBe(EXIT.notAllowed);
    expect((await other({ COMPOSITOR_URL: 'http://127.0.0.1:9' })).code).toBe(EXIT.unreachable);
    expect((await other({ COMPOSITOR_API_SECRET: '' })).stderr).toContain('COMPOSITOR_API_SECRET');
    const viewer = { ...withServer(), COMPOSITOR_TOKEN: await world.token({ role: 'viewer' }) };
    expect((await runCli(['list'], viewer)).code).toBe(EXIT.done);
    expect((await runCli(['start', 'by-viewer'], viewer)).code).toBe(EXIT.notAllowed);
    const refused = await cli('start', 'bad', '--layout', 'gird');
    expect(refused).toMatchObject({
      code: EXIT.failed,
      stderr: expect.stringContaining('did you mean "grid"'),
    });
  });

  test('completes commands, options and their values in bash, zsh and fish', async () => {
    const completed = async (...words: string[]) => (await runCli(['complete', '--', ...words], {})).stdout;
    expect(await completed('sta')).toMatch(/^start\t/m);
    expect(await completed('list', '--sta')).toMatch(/^--state\t/m);
    expect(await completed('list', '--state', '')).toMatch(/^recording/m);
    expect(await completed('start', '--quality', '7')).toMatch(/^720p/m);
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { stdout, code } = await runCli(['completion', shell], {});
      expect({ shell, code }).toEqual({ shell, code: EXIT.done });
      expect(stdout).toContain('call-compositor complete --');
    }
  });
});
