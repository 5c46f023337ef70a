import { drawCamera } from '../../support/publisher/drawCamera.js';
import { playTone } from '../../support/publisher/playTone.js';

const AUDIO = 1;
const VIDEO = 2;
const CAMERA = { widthPx: 640, heightPx: 360, framesPerSecond: 15 };
const ASK_EVERY_MS = 100;

/**
 * Asks `url`, which stands for the call server, ten times a second who is in the call, and calls `show` with them when
 * that has changed. The answer is a list of { name, hueDeg, toneHz, hasCamera }, one for each of `known`.
 */
export function followPeople(url, known, show) {
  let last = '';
  const media = new Map();
  const seat = (person, { name, hueDeg, toneHz, hasCamera }) => {
    if (!media.has(name)) {
      const tracks = [drawCamera({ name, hueDeg, ...CAMERA }).track, playTone(toneHz).track];
      media.set(
        name,
        tracks.map((track) => new MediaStream([track])),
      );
    }
    const [camera, audioStream] = media.get(name);
    const publishedTracks = hasCamera ? [AUDIO, VIDEO] : [AUDIO];
    return { ...person, name, publishedTracks, audioStream, videoStream: hasCamera ? camera : undefined };
  };
  const ask = async () => {
    const text = await (await fetch(url)).text();
    if (text !== last) show(JSON.parse(text).map((present, index) => seat(known[index], present)));
    last = text;
    setTimeout(ask, ASK_EVERY_MS);
  };
  void ask();
}
