import { HttpAddress } from '../wire/address.ts';

/** 370 kB of image. The whole job may have a million characters. */
const LONGEST_DATA_IMAGE = 500_000;
const DATA_IMAGE = /^data:image\/[\w.+-]{1,40}[;,]/i;

/** What an option that takes the address of an image accepts, in words. */
export const IMAGE_ADDRESS = 'an http or https address, or an image as data:image/...';

/** Whether a text is an address from which a page may load an image: http, https, or the image itself as `data:`. */
export function isImageAddress(text: string): boolean {
  return isDataImage(text) ? text.length <= LONGEST_DATA_IMAGE : HttpAddress.safeParse(text).success;
}

/** Whether an address holds its image itself, so that nothing is loaded from anywhere. */
export function isDataImage(address: string): boolean {
  return DATA_IMAGE.test(address);
}
