/*
 * For pages that take part in composing: videos that are made of frames in I420, and are handed over to the composer.
 */

/** Adds a video of this size to an element. `show` gives it a frame: the samples of its planes, one plane after the other. */
// biome-ignore lint/correctness/noUnusedVariables: the pages call it
function addMadeVideo(parent, width, height) {
  const generator = new MediaStreamTrackGenerator({ kind: 'video' });
  const writer = generator.writable.getWriter();
  handOver(parent, new MediaStream([generator]));
  return {
    show: (samples) => {
      const timestamp = Math.round(performance.now() * 1000);
      const shape = { format: 'I420', codedWidth: width, codedHeight: height, timestamp };
      writer.write(new VideoFrame(samples, shape));
    },
  };
}

function handOver(parent, stream) {
  const video = Object.assign(document.createElement('video'), { autoplay: true, muted: true });
  video.srcObject = stream;
  parent.append(video);
  window.callCompositor?.compose?.(video);
}

/** Calls `paint` with the time, so many times a second from `startMs` on. What is missed is left out. */
// biome-ignore lint/correctness/noUnusedVariables: the pages call it
function paintEvery(framesPerSecond, startMs, paint) {
  let frame = 0;
  const wait = () => setTimeout(next, startMs + (frame * 1000) / framesPerSecond - performance.now());
  const next = () => {
    const nowMs = performance.now();
    paint(nowMs);
    frame = Math.max(frame + 1, Math.ceil(((nowMs - startMs) * framesPerSecond) / 1000));
    wait();
  };
  wait();
}

// biome-ignore lint/correctness/noUnusedVariables: the pages call it
function sayReady() {
  const marker = document.createElement('span');
  marker.id = 'egress-ready-for-capture';
  document.body.append(marker);
}
