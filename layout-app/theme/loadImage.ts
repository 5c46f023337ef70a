const LONGEST_MS = 5_000;

/** Resolves once an image is loaded, or will not be: pictures are worth a short wait, not the recording. */
export async function loadImage(address: unknown): Promise<void> {
  if (typeof address !== 'string' || address === '') return;
  const image = new Image();
  image.src = address;
  const timeout = new Promise((resolve) => setTimeout(resolve, LONGEST_MS));
  await Promise.race([image.decode(), timeout]).catch(() => {
    console.warn(`Image ${address} could not be loaded; recording goes on without it`);
  });
}
