import { config } from './h264/slices.ts';

/** Stands in for `VideoEncoder`, which Node does not have: keeps what it is given, and works only when told to. */
export class FakeVideoEncoder {
  /** Every encoder made since the last `forget`. */
  static made: FakeVideoEncoder[] = [];
  state: 'unconfigured' | 'configured' | 'closed' = 'unconfigured';
  encodeQueueSize = 0;
  /** The slots, by their timestamps in microseconds, and whether they were asked for as key frames. */
  readonly encoded: { timestamp: number; keyFrame: boolean }[] = [];
  /** The picture that comes of the n-th frame; without it, none comes. */
  makes: ((index: number) => Uint8Array) | null = null;
  readonly #init: VideoEncoderInit;
  #worked = 0;

  constructor(init: VideoEncoderInit) {
    this.#init = init;
    FakeVideoEncoder.made.push(this);
  }

  static forget(): void {
    FakeVideoEncoder.made = [];
  }

  configure(): void {
    this.state = 'configured';
  }

  encode(frame: { timestamp: number }, { keyFrame }: { keyFrame: boolean }): void {
    if (this.state !== 'configured') throw new Error(`an encoder that is ${this.state} cannot encode`);
    this.encodeQueueSize++;
    this.encoded.push({ timestamp: frame.timestamp, keyFrame });
  }

  async flush(): Promise<void> {
    if (this.state !== 'configured') throw new Error(`an encoder that is ${this.state} cannot flush`);
    this.work();
  }

  /** Makes the pictures of all frames that were given. The first one comes with the parameter sets. */
  work(): void {
    this.encodeQueueSize = 0;
    if (this.makes === null) return;
    for (; this.#worked < this.encoded.length; this.#worked++) {
      const { timestamp, keyFrame } = this.encoded[this.#worked] as (typeof this.encoded)[number];
      const data = this.makes(this.#worked);
      const chunk = new FakeVideoChunk({ type: keyFrame ? 'key' : 'delta', timestamp, duration: 0, data });
      this.#init.output(chunk as EncodedVideoChunk, this.#worked === 0 ? { decoderConfig: config() } : {});
    }
  }

  close(): void {
    if (this.state === 'closed') throw new Error('an encoder that is closed cannot close');
    this.state = 'closed';
  }

  /** Fails as Chromium's does: closed first, then told. */
  fail(message: string): void {
    this.state = 'closed';
    this.#init.error(new DOMException(message));
  }
}

/** Stands in for `EncodedVideoChunk`. */
export class FakeVideoChunk implements EncodedVideoChunk {
  readonly type: EncodedVideoChunkType;
  readonly timestamp: number;
  readonly duration: number;
  readonly #data: Uint8Array;

  constructor(given: { type: EncodedVideoChunkType; timestamp: number; duration: number; data: Uint8Array }) {
    [this.type, this.timestamp, this.duration] = [given.type, given.timestamp, given.duration];
    this.#data = given.data;
  }

  get byteLength(): number {
    return this.#data.length;
  }

  copyTo(bytes: Uint8Array): void {
    bytes.set(this.#data);
  }
}

/** Stands in for `VideoFrame`. */
export class FakeVideoFrame {
  readonly timestamp: number;

  constructor(_source: unknown, { timestamp }: { timestamp: number }) {
    this.timestamp = timestamp;
  }

  close(): void {}
}
