/** The key of an object, whose location begins with that address of its bucket. Throws if it is in another one. */
export function keyIn(bucketAddress: string, location: string): string {
  if (location.startsWith(bucketAddress)) return location.slice(bucketAddress.length);
  throw new Error(`the recording at ${location} is not in the bucket ${bucketAddress}`);
}
