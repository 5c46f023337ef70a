import { type Element, elementAt, elementsIn, IDS, unsignedIn } from './elements.ts';

/** What stands before the first cluster. */
export interface WebMHeader {
  readonly bytes: Buffer;
  /** Where the content of the segment begins; positions in it count from there. */
  readonly segmentStart: number;
  readonly tracks: readonly WebMTrack[];
}

export interface WebMTrack {
  readonly number: number;
  readonly kind: 'video' | 'audio';
  /** How long a picture or packet lasts, in ms. */
  readonly frameMs: number;
}

const VIDEO = 1;
/** Opus packets, as Chromium's encoder makes them. */
const SOUND_PACKET_MS = 20;
const NANOSECONDS_IN_MS = 1e6;

/** Reads the header at the start of these bytes. Null if they end before the first cluster. */
export function readWebMHeader(bytes: Buffer): WebMHeader | null {
  const ebml = elementAt(bytes, 0);
  const segment = ebml?.end ? elementAt(bytes, ebml.end) : null;
  if (ebml?.id !== IDS.ebml || segment?.id !== IDS.segment) return null;
  let tracks: WebMTrack[] = [];
  for (let at = segment.contentStart; ; ) {
    const element = elementAt(bytes, at);
    if (element === null) return null;
    if (element.id === IDS.cluster)
      return { bytes: Buffer.from(bytes.subarray(0, at)), segmentStart: segment.contentStart, tracks };
    if (element.end === null || element.end > bytes.length) return null;
    if (element.id === IDS.tracks) tracks = readTracks(bytes, element);
    at = element.end;
  }
}

function readTracks(bytes: Buffer, { contentStart, end }: Element): WebMTrack[] {
  return elementsIn(bytes, contentStart, end ?? contentStart).map((entry) => {
    const fields = elementsIn(bytes, entry.contentStart, entry.end);
    const numberIn = (id: number) => {
      const field = fields.find((one) => one.id === id);
      return field ? unsignedIn(bytes, field) : 0;
    };
    const isVideo = numberIn(IDS.trackType) === VIDEO;
    const frameMs = numberIn(IDS.defaultDuration) / NANOSECONDS_IN_MS;
    return {
      number: numberIn(IDS.trackNumber),
      kind: isVideo ? 'video' : 'audio',
      frameMs: isVideo ? frameMs : SOUND_PACKET_MS,
    };
  });
}

/** A copy of the header in which the segment's length is not known, as it is while the file grows. */
export function headerOfUnknownLength({ bytes, segmentStart }: WebMHeader): Buffer {
  const header = Buffer.from(bytes);
  const length = sizeLength(header, segmentStart);
  header.fill(0xff, segmentStart - length, segmentStart);
  header[segmentStart - length] = (1 << (9 - length)) - 1;
  return header;
}

/** How many bytes the segment's length takes. */
export function sizeLength(header: Buffer, segmentStart: number): number {
  const segmentIdAt = elementAt(header, 0)?.end ?? 0;
  return segmentStart - segmentIdAt - 4;
}
