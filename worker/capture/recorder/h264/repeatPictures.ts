import { bytesOf } from '../bytesOf.ts';
import {
  asBits,
  asUnsigned,
  type BitReader,
  nalUnit,
  readBits,
  withEscapes,
  withoutEscapes,
} from './bits.ts';

/**
 * Puts pictures between those of an H.264 encoder that show the last one again: each of their macroblocks is skipped. They
 * have some ten bytes and cost no encoding. No other picture depends on them.
 */
export interface PictureRepeater {
  /** Takes the encoder's pictures in order, as length-prefixed NAL units, and gives each as it belongs into the file. */
  pass(data: Uint8Array, config: VideoDecoderConfig | undefined): Uint8Array;
  /** Whether the last picture can be shown again: other pictures may depend on it. */
  canRepeat(): boolean;
  /** The last picture once more, as a length-prefixed NAL unit; null where that cannot be. */
  again(): Uint8Array<ArrayBuffer> | null;
}

/** What the headers of slices depend on (H.264 7.3.2.1.1 and 7.3.2.2). */
interface Headers {
  readonly frameNumBits: number;
  readonly orderBits: number;
  readonly macroblocks: number;
  readonly pps: number;
  readonly hasOneReference: boolean;
  readonly hasDeblockingControl: boolean;
}

const SLICE = 1;
const SLICE_OF_KEY = 5;
/** Of each picture that is put in: the order counts fields (H.264 8.2.1). */
const ORDER_STEP = 2;
/** Profiles whose parameter sets have more fields (H.264 7.3.2.1.1). */
const HIGH_PROFILES = [100, 110, 122, 244];

export function createPictureRepeater(): PictureRepeater {
  let headers: Headers | null = null;
  /** By how much the order of the encoder's pictures is moved, since the last key frame. */
  let shift = 0;
  let last: { readonly isReference: boolean; readonly frameNum: number; readonly order: number } | null =
    null;

  function noteAndMove(nal: Uint8Array, known: Headers): Uint8Array {
    const type = Number(nal[0]) & 31;
    if (type !== SLICE && type !== SLICE_OF_KEY) return nal;
    const isReference = (Number(nal[0]) & 0x60) !== 0;
    const bytes = withoutEscapes(nal);
    const reader = sliceReader(bytes);
    const frameNum = reader.bits(known.frameNumBits);
    if (type === SLICE_OF_KEY) {
      reader.unsigned(); // idr_pic_id
      shift = 0;
    }
    const at = reader.position();
    const order = (reader.bits(known.orderBits) + shift) % 2 ** known.orderBits;
    last = { isReference, frameNum, order };
    if (shift === 0) return nal;
    writeBits(bytes, at, asBits(order, known.orderBits));
    return withEscapes(bytes);
  }

  return {
    canRepeat: () => headers !== null && last?.isReference === true,
    pass: (data, config) => {
      if (config?.description) headers = readHeaders(bytesOf(config.description));
      if (headers === null) return data;
      const known = headers;
      const units = unitsIn(data).map((nal) => noteAndMove(nal, known));
      return shift === 0 ? data : joined(units);
    },
    again: () => {
      if (headers === null || last === null || !last.isReference) return null;
      shift += ORDER_STEP;
      const order = (last.order + ORDER_STEP) % 2 ** headers.orderBits;
      last = { ...last, order };
      const { frameNumBits, orderBits, macroblocks, pps, hasOneReference, hasDeblockingControl } = headers;
      return joined([
        nalUnit(
          [
            asBits(SLICE, 8), // nal_ref_idc 0
            asUnsigned(0), // first_mb_in_slice
            asUnsigned(0), // slice_type P
            asUnsigned(pps),
            asBits((last.frameNum + 1) % 2 ** frameNumBits, frameNumBits),
            asBits(order, orderBits),
            hasOneReference ? '0' : `1${asUnsigned(0)}`, // num_ref_idx_active_override_flag
            '0', // ref_pic_list_modification_flag_l0
            asUnsigned(0), // slice_qp_delta
            hasDeblockingControl ? asUnsigned(1) : '', // disable_deblocking_filter_idc
            asUnsigned(macroblocks), // mb_skip_run
          ].join(''),
        ),
      ]);
    },
  };
}

/** Behind pic_parameter_set_id in the header of a slice. */
function sliceReader(bytes: Uint8Array): BitReader {
  const reader = readBits(bytes.subarray(0, 64));
  reader.bits(8);
  for (let field = 0; field < 3; field++) reader.unsigned();
  return reader;
}

/** Reads an AVCDecoderConfigurationRecord (ISO/IEC 14496-15 5.3.3.1); null where pictures of its kind are not repeated. */
function readHeaders(record: Uint8Array): Headers | null {
  const [sps, pps] = parameterSets(record);
  if (sps === undefined || pps === undefined || (Number(record[4]) & 3) !== 3) return null;
  const picture = readPps(readBits(withoutEscapes(pps)));
  const sequence = readSps(readBits(withoutEscapes(sps)));
  return picture && sequence && { ...picture, ...sequence };
}

/** The first of each. */
function parameterSets(record: Uint8Array): (Uint8Array | undefined)[] {
  const sets: Uint8Array[] = [];
  let at = 5;
  for (const mask of [31, 255]) {
    const count = Number(record[at++]) & mask;
    for (let index = 0; index < count; index++) {
      const length = Number(record[at]) * 256 + Number(record[at + 1]);
      if (index === 0) sets.push(record.subarray(at + 2, at + 2 + length));
      at += 2 + length;
    }
  }
  return sets;
}

function readSps(reader: BitReader): Pick<Headers, 'frameNumBits' | 'orderBits' | 'macroblocks'> | null {
  reader.bits(8);
  const profile = reader.bits(8);
  reader.bits(16); // constraints and level
  reader.unsigned();
  if (HIGH_PROFILES.includes(profile)) {
    if (reader.unsigned() !== 1) return null; // 4:2:0
    reader.unsigned();
    reader.unsigned();
    if (reader.bits(2) !== 0) return null; // scaling lists
  }
  const frameNumBits = reader.unsigned() + 4;
  if (reader.unsigned() !== 0) return null; // another kind of order
  const orderBits = reader.unsigned() + 4;
  reader.unsigned(); // max_num_ref_frames
  reader.bits(1);
  const macroblocks = (reader.unsigned() + 1) * (reader.unsigned() + 1);
  return reader.bits(1) === 1 ? { frameNumBits, orderBits, macroblocks } : null; // frames, not fields
}

function readPps(
  reader: BitReader,
): Pick<Headers, 'pps' | 'hasOneReference' | 'hasDeblockingControl'> | null {
  reader.bits(8);
  const pps = reader.unsigned();
  reader.unsigned();
  if (reader.bits(2) !== 0) return null; // arithmetic coding, or the order of fields
  if (reader.unsigned() !== 0) return null; // slice groups
  const hasOneReference = reader.unsigned() === 0;
  reader.unsigned();
  if (reader.bits(3) !== 0) return null; // weighted prediction
  for (let field = 0; field < 3; field++) reader.signed();
  const hasDeblockingControl = reader.bits(1) === 1;
  reader.bits(1);
  return reader.bits(1) === 0 ? { pps, hasOneReference, hasDeblockingControl } : null; // no redundant pictures
}

const LENGTH_BYTES = 4;

function unitsIn(data: Uint8Array): Uint8Array[] {
  const units: Uint8Array[] = [];
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let at = 0; at + LENGTH_BYTES <= data.length; ) {
    const end = at + LENGTH_BYTES + view.getUint32(at);
    units.push(data.subarray(at + LENGTH_BYTES, end));
    at = end;
  }
  return units;
}

function joined(units: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(units.reduce((sum, nal) => sum + LENGTH_BYTES + nal.length, 0));
  const view = new DataView(data.buffer);
  let at = 0;
  for (const nal of units) {
    view.setUint32(at, nal.length);
    data.set(nal, at + LENGTH_BYTES);
    at += LENGTH_BYTES + nal.length;
  }
  return data;
}

function writeBits(bytes: Uint8Array, position: number, bits: string): void {
  for (const [index, bit] of [...bits].entries()) {
    const at = (position + index) >> 3;
    const mask = 1 << (7 - ((position + index) & 7));
    bytes[at] = bit === '1' ? Number(bytes[at]) | mask : Number(bytes[at]) & ~mask;
  }
}
