import type { MediaFeed } from '../call.ts';

export interface DemoVoices {
  /** The feed of a person's voice, always the same one. It is null until they first speak, because tracks cost CPU. */
  feed(index: number): MediaFeed | null;
  /** Lets one person speak from now on and everybody else fall silent. */
  letSpeak(index: number | null): void;
}

interface Voice {
  readonly oscillator: OscillatorNode;
  readonly loudness: GainNode;
  readonly stream: MediaStream;
}

/** -12 dBFS. */
const PEAK = 0.25;
const LOWEST_HZ = 110;
/** Neighbours are a sixth of an octave apart. After two octaves, the pitches start again. */
const STEPS_PER_OCTAVE = 6;
const VOICES = 13;
/** Lengths of syllables and of the pauses after them, in seconds; the pattern repeats. */
const SYLLABLES = [
  { soundS: 0.16, pauseS: 0.05, bend: 1.06 },
  { soundS: 0.1, pauseS: 0.04, bend: 0.96 },
  { soundS: 0.2, pauseS: 0.12, bend: 1.12 },
  { soundS: 0.12, pauseS: 0.05, bend: 0.9 },
  { soundS: 0.24, pauseS: 0.16, bend: 1 },
] as const;
const RAMP_S = 0.02;
const AHEAD_S = 0.3;
/** How long a new track may take to reach its element. */
const ATTACH_S = 0.1;

/** Syllable-like tones through Web Audio, one audio track per person, each at a pitch of its own. */
export function createDemoVoices(): DemoVoices {
  const audio = new AudioContext({ latencyHint: 'playback' });
  // In a desktop browser, sound starts only after the first click. The recorder's browser needs no click.
  addEventListener('pointerdown', () => audio.resume(), { once: true });
  const voices = new Map<number, Voice>();
  const feeds = new Map<number, MediaFeed>();
  const turn = { index: null as number | null, syllable: 0, nextAtS: 0 };

  const voiceOf = (index: number): Voice => {
    const voice = voices.get(index) ?? createVoice(audio, index);
    voices.set(index, voice);
    return voice;
  };

  return {
    feed(index) {
      if (!voices.has(index)) return null;
      const feed = feeds.get(index) ?? {
        id: `voice-${index}`,
        attach(element) {
          element.srcObject = voiceOf(index).stream;
          return () => {
            element.srcObject = null;
          };
        },
      };
      feeds.set(index, feed);
      return feed;
    },
    letSpeak(index) {
      if (index !== turn.index) {
        if (turn.index !== null) silence(voiceOf(turn.index), audio.currentTime);
        Object.assign(turn, {
          index,
          syllable: 0,
          nextAtS: audio.currentTime + ATTACH_S,
        });
      }
      if (index === null) return;
      // If the tab stalled, the voice goes on from now and does not catch up.
      turn.nextAtS = Math.max(turn.nextAtS, audio.currentTime);
      while (turn.nextAtS < audio.currentTime + AHEAD_S) {
        turn.nextAtS = saySyllable(voiceOf(index), index, turn.syllable++, turn.nextAtS);
      }
    },
  };
}

function pitchHz(index: number): number {
  return LOWEST_HZ * 2 ** ((index % VOICES) / STEPS_PER_OCTAVE);
}

function createVoice(audio: AudioContext, index: number): Voice {
  const oscillator = new OscillatorNode(audio, {
    type: 'triangle',
    frequency: pitchHz(index),
  });
  const loudness = new GainNode(audio, { gain: 0 });
  const speaker = new MediaStreamAudioDestinationNode(audio, {
    channelCount: 1,
  });
  oscillator.connect(loudness).connect(speaker);
  oscillator.start();
  return { oscillator, loudness, stream: speaker.stream };
}

/** Schedules one syllable and returns when the next one is due. */
function saySyllable({ oscillator, loudness }: Voice, index: number, count: number, atS: number): number {
  const { soundS, pauseS, bend } = SYLLABLES[count % SYLLABLES.length] as (typeof SYLLABLES)[number];
  oscillator.frequency.setValueAtTime(pitchHz(index), atS);
  oscillator.frequency.linearRampToValueAtTime(pitchHz(index) * bend, atS + soundS);
  loudness.gain.setValueAtTime(0, atS);
  loudness.gain.linearRampToValueAtTime(PEAK, atS + RAMP_S);
  loudness.gain.setValueAtTime(PEAK * 0.9, atS + soundS - RAMP_S);
  loudness.gain.linearRampToValueAtTime(0, atS + soundS);
  return atS + soundS + pauseS;
}

function silence({ loudness, oscillator }: Voice, nowS: number): void {
  loudness.gain.cancelAndHoldAtTime(nowS);
  loudness.gain.linearRampToValueAtTime(0, nowS + RAMP_S);
  oscillator.frequency.cancelScheduledValues(nowS);
}
