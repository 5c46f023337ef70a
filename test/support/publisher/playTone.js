// A quarter of full scale, so that four people at once do not clip.
const GAIN = 0.25;

let audio;

/** Plays a steady sine of `hz`. Returns it as an audio track, and a function that ends it. */
export function playTone(hz) {
  audio ??= new AudioContext({ sampleRate: 48_000 });
  const tone = new OscillatorNode(audio, { frequency: hz });
  const level = new GainNode(audio, { gain: GAIN });
  const out = new MediaStreamAudioDestinationNode(audio, { channelCount: 1 });
  tone.connect(level).connect(out);
  tone.start();
  return { track: out.stream.getAudioTracks()[0], stop: () => tone.stop() };
}
