const NUDGE_EVERY_MS = 100;

/**
 * Some pages that stand still are never captured, because nothing of them is drawn anew. Until the returned function is
 * called, one pixel of the page is, in a colour that nobody sees.
 */
export function drawUntilCaptured(): () => void {
  const pixel = document.createElement('div');
  pixel.style.cssText = 'all: initial; position: fixed; top: 0; left: 0; width: 1px; height: 1px;';
  document.documentElement.append(pixel);
  let nudges = 0;
  const timer = setInterval(() => {
    pixel.style.background = `rgba(127, 127, 127, ${++nudges % 2 === 0 ? 0 : 0.01})`;
  }, NUDGE_EVERY_MS);
  return () => {
    clearInterval(timer);
    pixel.remove();
  };
}
