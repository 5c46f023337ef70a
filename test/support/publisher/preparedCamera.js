import { drawCamera } from './drawCamera.js';
import { drawFrameCode } from './drawFrameCode.js';

/** Small enough that encoding it costs nearly nothing. The pictures that are sent take its place. */
const ENCODED = { widthPx: 32, heightPx: 32 };
const CLIP_S = 2;

/**
 * A camera whose pictures were encoded once, before the call, so that sending them costs little. Returns a track to publish,
 * and `send`, to be called with the sender of that track in the same moment in which there is one.
 */
export async function prepareCamera({ framesPerSecond, ...camera }) {
  const frames = await encodeClip({ framesPerSecond, ...camera });
  const { track, stop } = drawCamera({ name: '', hueDeg: 0, framesPerSecond, ...ENCODED });
  const worker = new Worker('/sendPrepared.js');
  return {
    track,
    stop: () => {
      stop();
      worker.terminate();
    },
    send: (sender) => {
      const { readable, writable } = sender.createEncodedStreams();
      worker.postMessage({ readable, writable, frames }, [readable, writable]);
    },
  };
}

/**
 * Encodes two seconds of a camera as VP8, with a key frame at the beginning. Each picture has its number in its middle. Resolves to
 * the bytes of each frame.
 */
async function encodeClip({ name, hueDeg, widthPx, heightPx, framesPerSecond, bitrateBps }) {
  const frames = [];
  let failure = null;
  const encoder = new VideoEncoder({
    output: (chunk) => {
      const bytes = new Uint8Array(chunk.byteLength);
      chunk.copyTo(bytes);
      frames.push(bytes);
    },
    error: (error) => {
      failure = error;
    },
  });
  encoder.configure({
    ...{ codec: 'vp8', width: widthPx, height: heightPx, bitrate: bitrateBps, framerate: framesPerSecond },
    latencyMode: 'realtime',
  });
  const { canvas, drawNext, stop } = drawCamera({ name, hueDeg, widthPx, heightPx, framesPerSecond });
  stop();
  const context = canvas.getContext('2d');
  for (let at = 0; at < CLIP_S * framesPerSecond; at++) {
    drawFrameCode(context, at);
    const frame = new VideoFrame(canvas, { timestamp: Math.round((at * 1e6) / framesPerSecond) });
    encoder.encode(frame, { keyFrame: at === 0 });
    frame.close();
    drawNext();
  }
  await encoder.flush();
  if (failure) throw failure;
  const wanted = CLIP_S * framesPerSecond;
  if (frames.length !== wanted) throw new Error(`${frames.length} of ${wanted} pictures were encoded`);
  return frames;
}
