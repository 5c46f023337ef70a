import { expect, test } from 'vitest';
import { parseRecordingRequest } from '../../../../shared/request/parseRecordingRequest.ts';

const S3 = { kind: 's3', bucket: 'calls' };

function outputsOf(job: object) {
  return parseRecordingRequest('r1', { call: { id: 'a' }, source: { kind: 'demo' }, ...job }).outputs;
}

test('a job that names no outputs has one, made of recording.encoding and storage', () => {
  const encoding = { container: 'webm', video_bitrate_kbps: 700, audio_bitrate_kbps: 64 };
  expect(outputsOf({ recording: { encoding }, storage: S3 })).toMatchObject([
    {
      name: 'recording',
      encoding: {
        container: 'webm',
        videoBitrateBps: 700_000,
        audioBitrateBps: 64_000,
        keyFrameIntervalS: 2,
      },
      storage: { kind: 's3', bucket: 'calls' },
    },
  ]);
});

test('an output takes what it does not say from the rest of the job', () => {
  const recording = { quality: '1080p', encoding: { h264_profile: 'high', audio_bitrate_kbps: 96 } };
  const outputs = [
    {},
    { name: 'small', video_bitrate_kbps: 500, storage: { kind: 'local', directory: 'small' } },
    {},
  ];
  expect(outputsOf({ recording, storage: S3, outputs })).toMatchObject([
    {
      name: 'recording',
      encoding: {
        container: 'mp4',
        h264Profile: 'high',
        videoBitrateBps: 5_000_000,
        audioBitrateBps: 96_000,
      },
      storage: { kind: 's3' },
    },
    {
      name: 'small',
      encoding: { container: 'mp4', h264Profile: 'high', videoBitrateBps: 500_000, audioBitrateBps: 96_000 },
      storage: { kind: 'local', directory: 'small' },
    },
    { name: 'recording-3' },
  ]);
});

test('60 frames a second get more bits in every output', () => {
  const outputs = outputsOf({
    recording: { encoding: { frame_rate: 60 } },
    outputs: [{}, { container: 'webm' }],
  });
  expect(outputs.map(({ encoding }) => encoding.videoBitrateBps)).toEqual([4_500_000, 4_500_000]);
});

test('a WebM beside MP4 files is not held to their H.264 profile', () => {
  const recording = { encoding: { h264_profile: 'high' } };
  const outputs = outputsOf({ recording, outputs: [{}, { container: 'webm' }] });
  expect(outputs.map(({ encoding }) => [encoding.container, encoding.h264Profile])).toEqual([
    ['mp4', 'high'],
    ['webm', 'baseline'],
  ]);
});

test.each([
  [[], 'outputs: must have at least one entry'],
  [[{}, {}, {}, {}, {}], 'outputs: must have at most 4 entries'],
  [[{ name: 'a/b' }], 'outputs.0.name: must be 1 to 64 letters, digits, "-" or "_"'],
  [[{ name: '' }], 'outputs.0.name: must be 1 to 64 letters, digits, "-" or "_"'],
  [[{ name: 'a' }, { name: 'a' }], 'outputs.1.name: "a" is the name of another output'],
  [[{ name: 'recording-2' }, {}], 'outputs.1.name: "recording-2" is the name of another output'],
  [[{ contaner: 'mp4' }], 'outputs.0.contaner: unknown key: did you mean "container"?'],
  [[{ container: 'mkv' }], 'outputs.0.container: unknown container "mkv"'],
  [[{}, { storage: { kind: 's4' } }], 'outputs.1.storage.kind: unknown storage "s4": did you mean "s3"?'],
  [[{ storage: { kind: 's3' } }], 'outputs.0.storage.bucket: is missing: an s3 storage needs a bucket'],
  [[{ container: 'webm', h264_profile: 'high' }], 'outputs.0.h264_profile: goes with the container "mp4"'],
])('refuses the outputs %j', (outputs, message) => {
  expect(() => outputsOf({ outputs })).toThrow(message);
});

test('refuses an H.264 profile where recording.encoding makes the output a WebM', () => {
  const job = { recording: { encoding: { container: 'webm' } }, outputs: [{}, { h264_profile: 'main' }] };
  expect(() => outputsOf(job)).toThrow(
    'outputs.1.h264_profile: goes with the container "mp4"; WebM carries VP9',
  );
});

const RECIPIENT = `age1${'q'.repeat(58)}`;

test('every output of a job with encryption is encrypted to its recipients', () => {
  const encryption = { kind: 'age', recipients: [RECIPIENT] };
  const outputs = outputsOf({ encryption, outputs: [{}, { storage: S3 }] });
  expect(outputs.map(({ recipients }) => recipients)).toEqual([[RECIPIENT], [RECIPIENT]]);
  expect(outputsOf({})[0]?.recipients).toBeNull();
});

test.each([
  [{ kind: 'pgp', recipients: [RECIPIENT] }, {}, 'encryption.kind: must be "age"'],
  [{ kind: 'age', recipients: [] }, {}, 'encryption.recipients: '],
  [{ kind: 'age', recipients: ['AGE-SECRET-KEY-1'] }, {}, 'is not the public key of an age identity'],
  [
    { kind: 'age', recipients: [RECIPIENT] },
    { outputs: [{ backup_storage: { ...S3, durability: 'machine' } }] },
    'encryption: cannot go with a storage of the durability "machine"',
  ],
])('encryption %j is refused', (encryption, job, message) => {
  expect(() => outputsOf({ encryption, ...job })).toThrow(message);
});
