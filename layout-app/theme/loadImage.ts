import { shortened } from '../../shared/wire/quoted.ts';

const LONGEST_MS = 5_000;
/** How much of an address a warning shows, in characters. */
const LONGEST_SHOWN = 500;

/**
 * Resolves to null when an image is loaded, or to a sentence that says why it is not. It waits 5 s at most and never
 * rejects, because a missing image must not stop the recording.
 */
export async function loadImage(address: unknown): Promise<string | null> {
  if (typeof address !== 'string' || address === '') return null;
  const image = new Image();
  image.src = address;
  // An address may hold the image itself.
  const shown = shortened(address, LONGEST_SHOWN);
  const slow = `Image ${shown} did not load within ${LONGEST_MS} ms; recording goes on without it`;
  const timeout = new Promise<string>((resolve) => setTimeout(() => resolve(slow), LONGEST_MS));
  const loaded = image.decode().then(
    () => null,
    () => `Image ${shown} could not be loaded; recording goes on without it`,
  );
  return Promise.race([loaded, timeout]);
}
