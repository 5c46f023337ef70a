import { flushSync } from 'react-dom';
import { createRoot, type Root } from 'react-dom/client';
import { readBackgroundImage } from '../shared/layout/readBackgroundImage.ts';
import { type ResolvedLayoutOptions, resolveLayoutOptions } from '../shared/layout/resolveLayoutOptions.ts';
import type { WarningCode } from '../shared/page/pageMessages.ts';
import { App } from './App.tsx';
import type { Call } from './call/call.ts';
import type { SceneCall } from './call/demo/sceneCall.ts';
import { joinCall } from './call/joinCall.ts';
import { type PageConfig, readLayoutConfig } from './config/readLayoutConfig.ts';
import { readQuery } from './config/readQuery.ts';
import { ErrorPage } from './ErrorPage.tsx';
import { failed, onSetup, warn } from './layoutPage.ts';
import { loadExternalCss } from './theme/externalCss.ts';
import { loadImage } from './theme/loadImage.ts';
import './theme/base.css';
import './layouts/layouts.css';
import './tile/tile.css';
import './overlay/overlay.css';
import './theme/builtInThemes.css';

window.callCompositor?.willCompose?.();

let root: Root | null = null;
let joined: { readonly source: string; readonly call: Call } | null = null;
let before = '';

/** Shows the call that a LayoutConfig describes. Told again, it changes what is shown; the call goes on. */
onSetup((given) => {
  root ??= createRoot(document.getElementById('root') as HTMLElement, { onUncaughtError: showError });
  if (JSON.stringify(given) === before) return;
  before = JSON.stringify(given);
  try {
    const config = readLayoutConfig(given);
    const options = resolveLayoutOptions(config.layout, config.options);
    const assets = Promise.all([
      loadExternalCss(config.externalCssUrl).then(warnOf('css_failed')),
      loadImage(options['logo.image_url']).then(warnOf('image_failed')),
      ...imagesBehind(options).map((address) => loadImage(address).then(warnOf('image_failed'))),
    ]);
    const { call, isJoined } = callOf(config);
    const page = <App call={call} config={config} assets={assets} />;
    // The layout comes before the people, so that they find the places that the new layout has for them.
    flushSync(() => root?.render(page));
    if (isJoined && config.scene) (call as SceneCall).show(config.scene);
  } catch (error) {
    showError(error);
  }
});

/** The addresses of the images of the background, which may have several layers. */
function imagesBehind(options: ResolvedLayoutOptions): readonly string[] {
  return readBackgroundImage(String(options['layout.background_image'] ?? 'none'))?.addresses ?? [];
}

/** The call that is already joined, where the configuration still means it, or else a new one. */
function callOf(config: PageConfig): { readonly call: Call; readonly isJoined: boolean } {
  const source = JSON.stringify(config.scene ? { isStill: config.scene.isStill } : config.source);
  if (joined?.source === source) return { call: joined.call, isJoined: true };
  joined = { source, call: joinCall(config) };
  return { call: joined.call, isJoined: false };
}

function showError(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  // Not at once: React may be in the middle of taking down what failed.
  setTimeout(() => root?.render(<ErrorPage message={message} />));
  failed(message);
}

const warnOf = (code: WarningCode) => (problem: string | null) => {
  if (problem) warn(problem, code);
};

// In a desktop browser there is no worker to call setupLayout; the address says what to show.
if (!window.callCompositor && location.search !== '')
  window.setupLayout(readQuery(new URLSearchParams(location.search)));
