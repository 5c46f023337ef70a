/** Chromium takes two playing videos for a video conference; the third plays on while another starts over. */
const CLIPS = 3;
/** The clip's rate, the only one that display and recording can share: 25 does not divide 60, 60 needs no pace. */
const CLIP_RATE = 30;

/**
 * Lets the browser's display run at the recording's 30 Hz instead of 60. Every page of the browser, the recorded
 * one too, is drawn at the display's rate, and a drawn frame that is not recorded is paid for all the same.
 * Chromium (156, viz::VideoConferenceMatcher) slows the display to the rate of its videos where the foreground
 * shows at least two: here they are 16 by 16 black pixels. Without it the recording only costs more.
 *
 * pace.webm: ffmpeg -f lavfi -i color=black:s=16x16:r=30:d=10 -c:v libvpx -b:v 20k pace.webm
 */
export function paceDisplay(framesPerSecond: number): void {
  if (framesPerSecond !== CLIP_RATE) return;
  for (let index = 0; index < CLIPS; index++) {
    const video = document.createElement('video');
    Object.assign(video, { src: 'pace.webm', loop: true, muted: true, width: 16, height: 16 });
    video.addEventListener('loadedmetadata', () => {
      video.currentTime = (index * video.duration) / CLIPS;
    });
    document.body.append(video);
    video.play().catch(() => {}); // a cost, not a fault
  }
}
