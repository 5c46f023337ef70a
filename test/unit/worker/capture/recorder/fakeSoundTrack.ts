/** A track that is fed by hand: blocks of interleaved stereo sound, read through the processor that Chromium has. */
export class FakeSoundTrack {
  readonly #controller: ReadableStreamDefaultController<unknown>;
  readonly readable: ReadableStream<unknown>;
  readonly #sampleRate: number;

  constructor(sampleRate: number) {
    let given: ReadableStreamDefaultController<unknown> | undefined;
    this.readable = new ReadableStream({
      start: (controller) => {
        given = controller;
      },
    });
    this.#controller = given as ReadableStreamDefaultController<unknown>;
    this.#sampleRate = sampleRate;
  }

  getSettings() {
    return { sampleRate: this.#sampleRate };
  }

  /** Delivers a block, stamped in microseconds. */
  play(timestamp: number, samples: Float32Array): void {
    this.#controller.enqueue({
      timestamp,
      numberOfFrames: samples.length / 2,
      numberOfChannels: 2,
      copyTo: (target: Float32Array) => target.set(samples),
      close: () => {},
    });
  }
}

/** Stands in for `MediaStreamTrackProcessor`, which Node does not have. */
export class FakeTrackProcessor {
  readonly readable: ReadableStream<unknown>;

  constructor({ track }: { track: FakeSoundTrack }) {
    this.readable = track.readable;
  }
}
