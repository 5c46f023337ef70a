import type { ContinuedTimeline, RecorderOptions } from '../../../shared/recorder/recorderCalls.ts';
import type { SlotEncoder } from './createSlotEncoder.ts';
import { continueGrid, createFrameTimeline, type FrameTimeline, lockPhase } from './frameTimeline.ts';
import { isBlank } from './isBlank.ts';
import { jpegOf } from './jpegOf.ts';
import type { Encoding } from './openEncoding.ts';
import { type PictureWatch, watchPicture } from './watchPicture.ts';

/** How many frames are remembered to find the source's phase: one second of them. */
const RECENT_FRAMES = 30;
/** If the picture is still blank after this time, recording starts all the same. */
const BLANK_START_US = 2_000_000;
/** If no frame comes, the timeline goes on this far behind, so that a late frame still finds its slot free. */
const GO_ON_BEHIND_US = 500_000;
const GO_ON_EVERY_MS = 250;
/**
 * A frame arrives 5 to 25 ms after it was drawn. If it arrives later than this, the machine is behind and has
 * caused the gap before the frame.
 */
const LATE_US = 30_000;
/**
 * A page that does not change is sent every 0.2 s (see openStream). If a gap is longer, the machine has
 * caused it.
 */
const LONGEST_STILL_S = 0.3;

export interface VideoRecordingOptions {
  /** What is recorded, as it comes. */
  readonly frames: ReadableStream<VideoFrame>;
  readonly options: Pick<RecorderOptions, 'picture' | 'maxDurationS'>;
  /** Microseconds of the clock that the frames' times come from. */
  readonly nowUs: () => number;
  readonly onFull: () => void;
  readonly onError: (error: unknown) => void;
}

/** The pictures of a recording, wherever they are encoded. */
export interface Pictures<Taker = Encoding> {
  /** Starts with the next picture that is not blank. A recording that goes on takes any picture. */
  begin(beginning: Beginning<Taker>): void;
  /** The time of slot 0 for the frames of this source, once it is known. */
  readonly startUs: number | null;
  /** How much picture there is, in seconds. */
  durationS(): number;
  /** For how many seconds the picture has been one flat colour, and for how many no picture has come; 0 if neither. */
  health(): { readonly blankForS: number; readonly silentForS: number };
  /**
   * Takes no frame from after this instant, and returns the length that the recording will have, in seconds.
   * If it has not begun by now, it never will.
   */
  endAt(instantUs: number): number;
  /** Fills the timeline up to the instant and waits for the encoders. */
  finish(instantUs: number): Promise<void>;
}

/** What a recording is begun with. */
export interface Beginning<Taker = Pick<Encoding, 'startPictures'>> {
  readonly encodings: readonly Taker[];
  /** null where the recording begins with this page. */
  readonly continues: ContinuedTimeline | null;
  /** Called when the first picture is in. */
  readonly onBegun: (startsBlank: boolean) => void;
}

interface Running {
  readonly startUs: number;
  readonly timeline: FrameTimeline;
  readonly encoders: readonly SlotEncoder[];
}

/**
 * Reads frames from its creation on. Once it has begun, it puts them on one timeline with a constant
 * frame rate, and gives each slot to every encoding.
 */
export class VideoRecording implements Pictures<Pick<Encoding, 'startPictures'>> {
  readonly #given: VideoRecordingOptions;
  readonly #watch: PictureWatch;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #recentUs: number[] = [];
  readonly #openedAtUs: number;
  #waiting: (Beginning & { readonly sinceUs: number }) | null = null;
  #running: Running | null = null;
  #last: VideoFrame | null = null;
  #hasEnded = false;

  constructor(given: VideoRecordingOptions) {
    this.#given = given;
    this.#openedAtUs = given.nowUs();
    this.#watch = watchPicture(this.#openedAtUs);
    this.#timer = setInterval(() => this.#goOn(), GO_ON_EVERY_MS);
    this.#readFrames().catch(given.onError);
  }

  begin(beginning: Beginning): void {
    this.#waiting = { ...beginning, sinceUs: this.#given.nowUs() };
  }

  get startUs(): number | null {
    return this.#running?.startUs ?? null;
  }

  get #framesPerSecond(): number {
    return this.#given.options.picture.framesPerSecond;
  }

  durationS(): number {
    return (this.#running?.timeline.slots() ?? 0) / this.#framesPerSecond;
  }

  health(): { readonly blankForS: number; readonly silentForS: number } {
    return this.#watch.stats(this.#given.nowUs());
  }

  /** Takes no more frames, before it has begun. */
  stop(): void {
    this.#hasEnded = true;
    clearInterval(this.#timer);
  }

  endAt(instantUs: number): number {
    this.#waiting = null;
    return (this.#running?.timeline.endAt(instantUs) ?? 0) / this.#framesPerSecond;
  }

  async finish(instantUs: number): Promise<void> {
    this.#hasEnded = true;
    clearInterval(this.#timer);
    if (this.#running && this.#last) {
      const { timeline, encoders } = this.#running;
      const last = this.#last;
      const repeats = timeline.fillTo(instantUs);
      for (const encoder of encoders) encoder.repeat(last, repeats, timeline.slots());
      await Promise.all(encoders.map((encoder) => encoder.finish(timeline.slots() - 1, last)));
    }
    this.#last?.close();
  }

  /** The last picture as a small JPEG, in base64; null before the first one. */
  async picture(): Promise<string | null> {
    return this.#last && !this.#hasEnded ? jpegOf(this.#last) : null;
  }

  async #readFrames(): Promise<void> {
    const reader = this.#given.frames.getReader();
    let next = await reader.read();
    for (; !next.done && !this.#hasEnded; next = await reader.read()) await this.#take(next.value);
    next.value?.close();
    await reader.cancel(); // a track that nobody reads is not captured
  }

  async #take(frame: VideoFrame): Promise<void> {
    await this.#watch.note(frame, this.#given.nowUs());
    this.#recentUs.push(frame.timestamp);
    if (this.#recentUs.length > RECENT_FRAMES) this.#recentUs.shift();
    if (this.#hasEnded) return frame.close();
    if (!this.#running && this.#waiting) await this.#tryToStart(frame, this.#waiting);
    if (this.#running) this.#place(frame, this.#running);
    this.#last?.close();
    this.#last = frame;
  }

  /** The first picture that is not blank starts the timeline. One that goes on takes any picture. */
  async #tryToStart(
    frame: VideoFrame,
    { encodings, continues, onBegun, sinceUs }: Beginning & { readonly sinceUs: number },
  ): Promise<void> {
    const { options, nowUs } = this.#given;
    // What was captured in the pause is nobody's.
    if (continues?.afterPause && frame.timestamp < this.#openedAtUs) return;
    const startsBlank = await isBlank(frame);
    const mayBeBlank = continues !== null || nowUs() - sinceUs >= BLANK_START_US;
    if (this.#running || this.#waiting === null || (startsBlank && !mayBeBlank)) return;
    const framesPerSecond = this.#framesPerSecond;
    const maxSlots = Math.max(1, Math.round(options.maxDurationS * framesPerSecond));
    const { startUs, firstSlot } = this.#grid(frame, continues);
    const timeline = createFrameTimeline({ startUs, framesPerSecond, maxSlots, firstSlot });
    const encoders = encodings.map((encoding, index) =>
      encoding.startPictures(timeline.slots(), this.#filledS(index, continues, timeline)),
    );
    this.#running = { startUs, timeline, encoders };
    onBegun(startsBlank);
  }

  /** Up to where no picture of an encoding is missing, in seconds: none is missing of a pause. */
  #filledS(encoding: number, continues: ContinuedTimeline | null, timeline: FrameTimeline): number {
    if (continues?.afterPause) return timeline.slots() / this.#framesPerSecond;
    return continues?.written[encoding]?.videoS ?? 0;
  }

  /** The time of slot 0, and the slot of the first frame. */
  #grid(
    { timestamp }: VideoFrame,
    continues: ContinuedTimeline | null,
  ): { readonly startUs: number; readonly firstSlot: number } {
    const framesPerSecond = this.#framesPerSecond;
    const firstUs = lockPhase(timestamp, this.#recentUs, framesPerSecond);
    if (continues === null) return { startUs: firstUs, firstSlot: 0 };
    const written = continues.written.map(({ videoS }) => Math.round(videoS * framesPerSecond));
    const minSlot = Math.max(0, ...written);
    if (continues.afterPause === 'skip')
      return { startUs: firstUs - (minSlot * 1e6) / framesPerSecond, firstSlot: minSlot };
    return continueGrid({ startUs: continues.startUs, framesPerSecond, firstUs, minSlot });
  }

  #place(frame: VideoFrame, { timeline, encoders }: Running): void {
    const { nowUs, onFull } = this.#given;
    const place = timeline.place(frame.timestamp);
    const repeats = place ? place.repeats : timeline.fillTo(frame.timestamp);
    const isLate = nowUs() - frame.timestamp > LATE_US;
    const wasNotStill = repeats > LONGEST_STILL_S * this.#framesPerSecond;
    for (const encoder of encoders) {
      if (isLate || wasNotStill) encoder.skip(repeats);
      else if (this.#last) encoder.repeat(this.#last, repeats, place?.slot ?? timeline.slots());
      if (place) encoder.encode(place.slot, frame);
    }
    if (timeline.isFull()) onFull();
  }

  /** Lets the timeline go on while no frame comes. */
  #goOn(): void {
    if (this.#hasEnded || !this.#running) return;
    const { timeline, encoders } = this.#running;
    const missing = timeline.fillTo(this.#given.nowUs() - GO_ON_BEHIND_US);
    for (const encoder of encoders) encoder.skip(missing);
    if (timeline.isFull()) this.#given.onFull();
  }
}
