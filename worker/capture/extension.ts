import { fileURLToPath } from 'node:url';

/** The built extension: recorder page, its manifest, and the script that runs in every recorded page. */
export const EXTENSION_DIR = fileURLToPath(new URL('../../tab/', import.meta.url));

/**
 * Follows from the public key in worker/tab/public/manifest.json: the first 32 hex digits of its SHA-256,
 * written with the letters a to p. A fixed id is what --allowlisted-extension-id needs.
 */
export const EXTENSION_ID = 'omdoeblmkknemcbilicfpbiebajdcfpb';
export const RECORDER_URL = `chrome-extension://${EXTENSION_ID}/recorder.html`;
