/** Stands in for `VideoEncoder`, which Node does not have: keeps what it is given, and works only when told to. */
export class FakeVideoEncoder {
  /** Every encoder made since the last `forget`. */
  static made: FakeVideoEncoder[] = [];
  state: 'unconfigured' | 'configured' | 'closed' = 'unconfigured';
  encodeQueueSize = 0;
  /** The slots, by their timestamps in microseconds, and whether they were asked for as key frames. */
  readonly encoded: { timestamp: number; keyFrame: boolean }[] = [];
  readonly #init: VideoEncoderInit;

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
    this.encodeQueueSize = 0;
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

/** Stands in for `VideoFrame`. */
export class FakeVideoFrame {
  readonly timestamp: number;

  constructor(_source: unknown, { timestamp }: { timestamp: number }) {
    this.timestamp = timestamp;
  }

  close(): void {}
}
