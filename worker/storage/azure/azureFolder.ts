import { type SideObjects, sideObjects } from '../objects/sideObjects.ts';
import { statusOf } from '../objects/storeErrors.ts';
import type { AzureClient } from './azureClient.ts';

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The blobs below `folder`, which ends with a slash. */
export function azureFolder(send: AzureClient, folder: string): SideObjects {
  const at = (name: string) => `${folder}${name}`;

  async function names(signal: AbortSignal): Promise<string[]> {
    const found: string[] = [];
    let marker = '';
    do {
      const query = { restype: 'container', comp: 'list', prefix: folder, ...(marker ? { marker } : {}) };
      const text = (await send({ method: 'GET', query, signal })).bytes.toString('utf8');
      for (const [, name] of text.matchAll(/<Name>([^<]*)<\/Name>/g))
        found.push(decoded(String(name)).slice(folder.length));
      marker = decoded(/<NextMarker>([^<]*)<\/NextMarker>/.exec(text)?.[1] ?? '');
    } while (marker !== '');
    return found;
  }

  return sideObjects({
    put: async (name, body, signal) => {
      await send({ method: 'PUT', blob: at(name), headers: { 'x-ms-blob-type': 'BlockBlob' }, body, signal });
    },
    get: async (name, signal) => (await send({ method: 'GET', blob: at(name), signal })).bytes,
    names,
    remove: async (removed, signal) => {
      for (const name of removed) await removeBlob(send, at(name), signal);
    },
  });
}

/** One that is not there is removed already. */
export async function removeBlob(send: AzureClient, blob: string, signal: AbortSignal): Promise<void> {
  try {
    await send({ method: 'DELETE', blob, signal });
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
}

function decoded(xml: string): string {
  return xml.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? '');
}
