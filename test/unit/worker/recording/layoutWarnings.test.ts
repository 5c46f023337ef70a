import type { Target } from 'puppeteer';
import { expect, test, vi } from 'vitest';
import type { RecordingWarning } from '../../../../shared/events/recordingEvents.ts';
import { warnOfBrokenTheme } from '../../../../worker/recording/layoutWarnings.ts';
import { requestOf } from '../../../support/requestOf.ts';

const CSS = 'https://css.example/theme.css';

interface Sheet {
  readonly sourceURL: string;
  readonly loadingFailed?: boolean;
  /** The address in the link that asked for it. */
  readonly link?: string;
  readonly text?: string;
}

/** A page whose stylesheets the browser's protocol tells of; `looks` has those of each look, the last one for good. */
function pageWith(...looks: (readonly Sheet[])[]): Target {
  const createCDPSession = async () => {
    const sheets = (looks.length > 1 ? looks.shift() : looks[0]) ?? [];
    let added: (event: object) => void = () => {};
    const answers: Record<string, (given: Record<string, unknown>) => unknown> = {
      'CSS.enable': () => {
        for (const [at, { text = '', ...sheet }] of sheets.entries())
          added({ header: { ...sheet, styleSheetId: String(at), ownerNode: at, length: text.length } });
      },
      'CSS.getStyleSheetText': ({ styleSheetId }) => ({ text: sheets[Number(styleSheetId)]?.text }),
      'DOM.describeNode': ({ backendNodeId }) => ({
        node: { attributes: ['rel', 'stylesheet', 'href', sheets[Number(backendNodeId)]?.link ?? ''] },
      }),
    };
    return {
      on: (_name: string, listener: typeof added) => {
        added = listener;
      },
      send: async (name: string, given: Record<string, unknown> = {}) => answers[name]?.(given),
      detach: async () => {},
    };
  };
  return { createCDPSession, url: () => 'https://app.example/page' } as unknown as Target;
}

async function warningsOf(target: Target, layout: object = { external_app_url: 'https://app.example/' }) {
  const recording = { layout: { external_css_url: CSS, ...layout } };
  const request = requestOf('r1', { call: { id: 'a' }, source: { kind: 'demo' }, recording });
  const warnings: RecordingWarning[] = [];
  await warnOfBrokenTheme(request, { target }, { warn: (warning) => warnings.push(warning) });
  return warnings;
}

/** The clock of node:timers/promises is not the one that can be set, so each wait is over at once. */
vi.mock('node:timers/promises', () => ({ setTimeout: async () => {} }));

const OTHER = { sourceURL: 'https://app.example/app.css', text: 'p { }' };
const LOADED = { sourceURL: CSS, text: 'p { color: red }' };

test.each<[string, Sheet[][]]>([
  ['is loaded', [[OTHER, LOADED]]],
  ['is loaded a little later', [[OTHER], [OTHER], [OTHER, LOADED]]],
  ['is redirected', [[{ ...LOADED, sourceURL: 'https://cdn.example/1.css', link: CSS }]]],
])('nothing is wrong where the stylesheet of an external app %s', async (_how, looks) => {
  expect(await warningsOf(pageWith(...looks))).toEqual([]);
});

test.each<[string, Sheet[], string]>([
  ['the page did not ask for it', [OTHER], 'none of the 1 stylesheets in the page has this address'],
  ['there is none at all', [], 'no stylesheet is in the page'],
  ['it answered with an error', [{ sourceURL: CSS, loadingFailed: true }], 'could not be loaded'],
  [
    'its server cannot be reached',
    [{ sourceURL: 'https://app.example/page', loadingFailed: true, link: CSS }],
    'could not be loaded',
  ],
])('a stylesheet that an external app has not loaded is a warning: %s', async (_why, sheets, message) => {
  expect(await warningsOf(pageWith(sheets))).toEqual([
    { code: 'css_failed', message: expect.stringContaining(message), at_s: 0 },
  ]);
});

test('our own layout app tells by itself that a stylesheet is missing', async () => {
  expect(await warningsOf(pageWith([]), {})).toEqual([]);
});

test('a fault in a stylesheet is a warning, whoever loaded it', async () => {
  const broken = [{ sourceURL: CSS, text: 'p { color: red' }];
  for (const layout of [undefined, {}])
    expect(await warningsOf(pageWith(broken), layout)).toMatchObject([{ code: 'css_broken' }]);
});
