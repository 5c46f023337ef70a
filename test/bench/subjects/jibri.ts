import { screenSubject } from './screenRecorder.ts';

/** Records as Jibri does, with the options of its FfmpegCapturer. */
export const jibri = screenSubject({
  name: 'jibri',
  label: 'Xvfb, PulseAudio, ffmpeg x264 (Jibri)',
  program: 'ffmpeg',
  install: 'Debian: apt-get install ffmpeg',
  end: { input: 'q' },
  args: ({ size, display, file }) => [
    ...['-y', '-v', 'error', '-f', 'x11grab', '-draw_mouse', '0', '-r', '30'],
    ...['-s', `${size.widthPx}x${size.heightPx}`, '-thread_queue_size', '4096', '-i', display],
    ...['-f', 'pulse', '-thread_queue_size', '4096', '-i', 'rec.monitor', '-acodec', 'aac', '-ar', '44100'],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'main', '-pix_fmt', 'yuv420p', '-r', '30'],
    ...['-crf', '25', '-g', '60', '-tune', 'zerolatency', '-f', 'mp4', file],
  ],
});
