import { expect, test } from 'vitest';
import { objectKey } from '../../../../worker/storage/objectKey.ts';

const given = {
  callType: 'default',
  callId: 'standup',
  recordingId: 'r1',
  attempt: 1,
  startedAtUnixMs: 0,
  extension: 'mp4',
};

test('the key tells call, start, recording and attempt', () => {
  expect(objectKey(given)).toBe('default-standup-19700101T000000Z-r1-1.mp4');
});

test('another attempt has another key', () => {
  expect(objectKey({ ...given, attempt: 2 })).not.toBe(objectKey(given));
});

test('a call id cannot leave the folder', () => {
  expect(objectKey({ ...given, callId: '../../etc/passwd' })).toBe(
    'default-_etc_passwd-19700101T000000Z-r1-1.mp4',
  );
});
