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
import { type ExternalCss, loadExternalCss } from './theme/externalCss.ts';
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
/** The images that were asked for by the last configuration. */
let images: readonly string[] = [];

/**
 * Shows the call that a LayoutConfig describes. Told again, it changes what is shown; the call goes on. What the change
 * needs is loaded first, so that no picture shows half of it.
 */
onSetup((given) => {
  root ??= createRoot(document.getElementById('root') as HTMLElement, { onUncaughtError: showError });
  if (JSON.stringify(given) === before) return;
  const told = JSON.stringify(given);
  before = told;
  try {
    const config = readLayoutConfig(given);
    const options = resolveLayoutOptions(config.layout, config.options);
    const css = loadExternalCss(config.externalCssUrl);
    const wanted = [String(options['logo.image_url'] ?? ''), ...imagesBehind(options)];
    const hasNewImages = wanted.some((address) => address !== '' && !images.includes(address));
    images = wanted;
    const assets = Promise.all([
      css.settled.then(warnOf('css_failed')),
      ...wanted.map((address) => loadImage(address).then(warnOf('image_failed'))),
    ]);
    const isChange = joined !== null;
    if (isChange && (css !== shownCss || hasNewImages))
      void assets.then(() => before === told && show(config, css, assets));
    else show(config, css, assets);
    // The first picture need not wait for its theme.
    if (!isChange) void css.settled.then(() => shownCss === css && css.apply());
  } catch (error) {
    showError(error);
  }
});

/** The stylesheet of what is shown; it may still be loading. */
let shownCss: ExternalCss | null = null;

function show(config: PageConfig, css: ExternalCss, assets: Promise<unknown>): void {
  try {
    const isChange = joined !== null;
    const { call, isJoined } = callOf(config);
    const page = <App call={call} config={config} assets={assets} />;
    shownCss = css;
    // The layout comes before the people, so that they find the places that the new layout has for them.
    flushSync(() => {
      root?.render(page);
      if (isChange) css.apply();
    });
    if (isJoined && config.scene) (call as SceneCall).show(config.scene);
  } catch (error) {
    showError(error);
  }
}

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
