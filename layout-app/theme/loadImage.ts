const LONGEST_MS = 5_000;

/**
 * Resolves once an image is loaded, or will not be, with null or with what is wrong: pictures are worth a short
 * wait, not the recording.
 */
export async function loadImage(address: unknown): Promise<string | null> {
  if (typeof address !== 'string' || address === '') return null;
  const image = new Image();
  image.src = address;
  const slow = `Image ${address} did not load within ${LONGEST_MS} ms; recording goes on without it`;
  const timeout = new Promise<string>((resolve) => setTimeout(() => resolve(slow), LONGEST_MS));
  const loaded = image.decode().then(
    () => null,
    () => `Image ${address} could not be loaded; recording goes on without it`,
  );
  return Promise.race([loaded, timeout]);
}
