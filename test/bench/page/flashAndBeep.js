/*
 * Once a second a flash with a beep of 50 ms at 1 kHz. Both are meant for the same instant of the page's clock, which shows
 * `originMs` when the page begins.
 */
// biome-ignore lint/correctness/noUnusedVariables: the pages call it
function createFlashAndBeep(originMs) {
  const FLASH_MS = 50;
  // Ahead, so that a page that is drawn late still sounds in time.
  const BEEP_AHEAD_MS = 500;
  const audio = new AudioContext({ sampleRate: 48000 });
  let nextBeepMs = Math.ceil((performance.now() + originMs) / 1000) * 1000 + 1000 - originMs;
  let flashAtMs = nextBeepMs;
  let flashUntilMs = null;

  // How far the audio clock is ahead of the page's. It advances in steps, so the median of the last second counts.
  const leadsS = [];
  function noteLead(nowMs) {
    leadsS.push(audio.currentTime - nowMs / 1000);
    if (leadsS.length > 30) leadsS.shift();
  }

  function beepAt(instantMs) {
    const tone = audio.createOscillator();
    const level = audio.createGain();
    tone.frequency.value = 1000;
    level.gain.value = 0.8;
    tone.connect(level).connect(audio.destination);
    const start = instantMs / 1000 + leadsS.toSorted((a, b) => a - b)[leadsS.length >> 1];
    tone.start(start);
    tone.stop(start + 0.05);
  }

  return {
    /** Is called for each frame. Returns whether the frame shows a flash. */
    isFlash: (nowMs) => {
      noteLead(nowMs);
      if (nowMs >= nextBeepMs - BEEP_AHEAD_MS) {
        beepAt(nextBeepMs);
        nextBeepMs += 1000;
      }
      if (nowMs >= flashAtMs) {
        flashUntilMs = nowMs + FLASH_MS;
        while (flashAtMs <= nowMs) flashAtMs += 1000;
      } else if (flashUntilMs !== null && nowMs >= flashUntilMs) flashUntilMs = null;
      return flashUntilMs !== null;
    },
  };
}
