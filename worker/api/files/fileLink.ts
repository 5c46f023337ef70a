import { createHmac } from 'node:crypto';
import type { Api } from '../api.ts';
import { isSameText } from '../auth/isSameText.ts';
import { publicAddress } from '../config/publicAddress.ts';
import { PRESIGNED } from '../recordings/chooseStorage.ts';
import type { RecordingRow, StoredFile } from '../store/rows.ts';

/** Which file a link leads to. */
export interface LinkedFile {
  readonly tenant: string;
  readonly recording: string;
  readonly filename: string;
}

/** Where links to files are answered, below the public address. */
export const FILES_PATH = '/files';

/**
 * A link to a file that anyone can open until it expires, two weeks from now if the configuration says nothing else.
 * It leads to a server and not to the bucket, where no link may live longer than a week. A file that was sent to a signed
 * address has that address, without the signature: only whoever signed it can hand it out.
 */
export function fileLink(
  { config, nowUnixMs }: Api,
  { tenant, id, storage }: RecordingRow,
  { filename, file }: Pick<StoredFile, 'filename' | 'file'>,
): string {
  if (storage?.startsWith(PRESIGNED)) return file;
  const expires = Math.floor(nowUnixMs() / 1000) + config.links_expire_s;
  const linked = { tenant, recording: id, filename };
  const signature = sign(config.link_secret, linked, expires);
  const path = [tenant, id, filename].map(encodeURIComponent).join('/');
  return publicAddress(config, `${FILES_PATH}/${path}?expires=${expires}&signature=${signature}`);
}

/** Whether a link is one of ours, and has not expired. `expires` is in Unix seconds. */
export function isLinkValid(
  { config, nowUnixMs }: Api,
  linked: LinkedFile,
  { expires, signature }: { readonly expires: number; readonly signature: string },
): boolean {
  if (!isSameText(sign(config.link_secret, linked, expires), signature)) return false;
  return expires * 1000 > nowUnixMs();
}

function sign(secret: string, { tenant, recording, filename }: LinkedFile, expires: number): string {
  const signed = JSON.stringify([tenant, recording, filename, expires]);
  return createHmac('sha256', secret).update(signed).digest('base64url');
}
