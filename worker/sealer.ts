import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';

/** Encrypts texts that wait in Redis, with a key that is not there. */
export interface Sealer {
  /** The same text is always sealed in the same way, so that Redis can recognise what is put in twice. */
  seal(text: string): string;
  /** Throws an Error if it was sealed with another key. */
  unseal(sealed: string): string;
}

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** `purpose` names what is sealed. It is in the key, so that what is sealed as one thing cannot be opened as another. */
export function sealer(sealKey: string, purpose: string): Sealer {
  const derive = (name: string) =>
    new Uint8Array(hkdfSync('sha256', sealKey, '', `call-compositor ${name}`, 32));
  const encryption = derive(purpose);
  const nonces = derive(`${purpose} nonce`);
  return {
    seal: (text) => {
      // Made from the text: no two texts get the same one.
      const nonce = createHmac('sha256', nonces).update(text).digest().subarray(0, NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, encryption, nonce);
      return Buffer.concat([
        nonce,
        cipher.update(text, 'utf8'),
        cipher.final(),
        cipher.getAuthTag(),
      ]).toString('base64');
    },
    unseal: (sealed) => {
      const bytes = Buffer.from(sealed, 'base64');
      const decipher = createDecipheriv(CIPHER, encryption, bytes.subarray(0, NONCE_BYTES));
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        const text = [decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()];
        return Buffer.concat(text).toString('utf8');
      } catch (cause) {
        const message = `the ${purpose} was sealed with another COMPOSITOR_SEAL_KEY than the one of this worker`;
        throw new Error(message, { cause });
      }
    },
  };
}
