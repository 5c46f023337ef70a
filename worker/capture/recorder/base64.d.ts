/*
 * Chromium has had these since version 140 (ECMA-262, "Uint8Array to and from base64"); TypeScript's library does not have
 * them yet. Unlike a FileReader, they send nothing through the browser process.
 */

interface Uint8Array {
  toBase64(): string;
}

interface Uint8ArrayConstructor {
  fromBase64(base64: string): Uint8Array<ArrayBuffer>;
}
