import { createRoot, type Root } from 'react-dom/client';
import { App } from './App.tsx';
import { joinCall } from './call/joinCall.ts';
import { readLayoutConfig } from './config/readLayoutConfig.ts';
import { readQuery } from './config/readQuery.ts';
import { ErrorPage } from './ErrorPage.tsx';
import { sendToWorker } from './ready/sendToWorker.ts';
import { loadExternalCss } from './theme/externalCss.ts';
import { loadImage } from './theme/loadImage.ts';
import './theme/base.css';
import './layouts/layouts.css';
import './tile/tile.css';
import './overlay/overlay.css';

declare global {
  interface Window {
    /** Shows the call that a LayoutConfig describes. Later calls change nothing. */
    setupLayout(config: unknown): void;
  }
}

let root: Root | null = null;

window.setupLayout = (given) => {
  if (root) return;
  root = createRoot(document.getElementById('root') as HTMLElement, {
    onUncaughtError: showError,
  });
  try {
    const config = readLayoutConfig(given);
    const assets = Promise.all([
      loadExternalCss(config.externalCssUrl).then(warnOfCss),
      loadImage(config.options['logo.image_url']),
      loadImage(config.options['layout.background_image']),
    ]);
    root.render(<App call={joinCall(config.source)} config={config} assets={assets} />);
  } catch (error) {
    showError(error);
  }
};

function showError(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  createRoot(document.body).render(<ErrorPage message={message} />);
  sendToWorker({ type: 'failed', code: 'page_error', message });
}

function warnOfCss(problem: string | null): void {
  if (problem) sendToWorker({ type: 'warning', code: 'css_failed', message: problem });
}

// In a desktop browser there is no worker to call setupLayout; the address says what to show.
if (!window.callCompositor && location.search !== '')
  window.setupLayout(readQuery(new URLSearchParams(location.search)));
