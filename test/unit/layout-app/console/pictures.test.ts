import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { openPictures } from '../../../../layout-app/console/pictures.ts';
import { CompositorError } from '../../../../worker/client/api/index.ts';
import { openVisiblePage } from '../../../support/visiblePage.ts';

beforeEach(openVisiblePage);

const ANSWER_MS = 50;

/** The pictures of two recordings, which come until `refuse` says what comes instead. */
function open() {
  let refusal: CompositorError | null = null;
  const ended: unknown[] = [];
  const picture = async () => {
    await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
    if (refusal) throw refusal;
    return new Blob(['a picture']);
  };
  const pictures = openPictures({ picture }, (error) => void ended.push(error));
  onTestFinished(pictures.close);
  const seen: Record<string, string | null> = {};
  for (const id of ['a', 'b'])
    pictures.follow(id, (address) => {
      seen[id] = address;
    });
  return { pictures, seen, ended, refuse: (error: CompositorError) => (refusal = error) };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const BOTH = { a: expect.stringMatching(/^blob:/), b: expect.stringMatching(/^blob:/) };
const NONE = { a: null, b: null };

test('where the session is over, no old picture is shown, and the page is told', async () => {
  const { seen, ended, refuse } = open();
  await pass(1_000);
  expect(seen).toEqual(BOTH);
  const expired = new CompositorError('the token has expired (exp)', { status: 401 });
  refuse(expired);
  await pass(1_000);
  expect(seen).toEqual(NONE);
  expect(ended[0]).toBe(expired);
});

test('a page that is left while it waits for an answer is told nothing', async () => {
  const { pictures, ended, refuse } = open();
  refuse(new CompositorError('the token has expired (exp)', { status: 401 }));
  await pass(1_000 / 3 + ANSWER_MS / 2);
  pictures.close();
  await pass(5_000);
  expect(ended).toEqual([]);
});

test.each([
  ['by a proxy', { status: 520 }],
  ['because there is none', { status: 404, code: 16 }],
  ['because too many were asked for', { status: 429, retryAfterS: 20 }],
  ['by nobody', {}],
])('a picture that is not answered, or refused %s, is not shown as if it were of now', async (_, given) => {
  const { seen, ended, refuse } = open();
  await pass(1_000);
  expect(seen).toEqual(BOTH);
  refuse(new CompositorError('no picture', given));
  await pass(2_000);
  expect(seen).toEqual(NONE);
  expect(ended).toEqual([]);
});
