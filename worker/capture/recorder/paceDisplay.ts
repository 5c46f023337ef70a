/**
 * Chromium takes two playing videos for a video conference. The third plays on while another one starts over.
 */
const CLIPS = 3;
/**
 * The clip's rate, and the only one that display and recording can share: 60 is not a multiple of 25, and a
 * recording at 60 needs no slower display.
 */
const CLIP_RATE = 30;

/**
 * Lets the browser's display run at the recording's 30 Hz instead of 60 Hz. Every page of the browser is
 * drawn at the display's rate, and a frame that is drawn but not recorded costs the same. Chromium (156,
 * viz::VideoConferenceMatcher) slows the display to the rate of its videos if the foreground shows at least
 * two; here they are black and 16 by 16 pixels. Without this, a recording only costs more.
 *
 * pace.webm is made with:
 * ffmpeg -f lavfi -i color=black:s=16x16:r=30:d=10 -c:v libvpx -b:v 20k pace.webm
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
    video.play().catch(() => {}); // without it the recording only costs more
  }
}
