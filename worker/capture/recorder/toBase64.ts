/**
 * Encodes the bytes as a data URL. This is native code, and thirty times cheaper than btoa on a string made
 * of the bytes.
 */
export async function toBase64(bytes: Uint8Array): Promise<string> {
  const reader = new FileReader();
  await new Promise((resolve, reject) => {
    reader.onload = resolve;
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  });
  const url = reader.result as string;
  return url.slice(url.indexOf(',') + 1);
}
