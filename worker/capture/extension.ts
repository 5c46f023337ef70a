import { fileURLToPath } from 'node:url';

/**
 * The built extension that holds the recorder page. Its id follows from the public key in
 * worker/capture/recorder/public/manifest.json: the first 32 hex digits of the key's SHA-256, written with the
 * letters a to p. A fixed id is what --allowlisted-extension-id needs.
 */
export const RECORDER_EXTENSION = {
  folder: fileURLToPath(new URL('../../recorder/', import.meta.url)),
  id: 'omdoeblmkknemcbilicfpbiebajdcfpb',
} as const;

export const RECORDER_URL = `chrome-extension://${RECORDER_EXTENSION.id}/recorder.html`;
