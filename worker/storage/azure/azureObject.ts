import { randomUUID } from 'node:crypto';
import type { PartedObject } from '../objects/partedObject.ts';
import { refuseTaken } from '../objects/refuseTaken.ts';
import { statusOf } from '../objects/storeErrors.ts';
import type { AzureClient } from './azureClient.ts';

/** All names of blocks of a blob have the same length: that of a UUID, a hyphen, and so many digits. */
const NUMBER_DIGITS = 5;
const UUID_LENGTH = 36;

/**
 * A block blob. Its blocks may be sent in any order, and a list of them makes the blob. Azure knows no uploads: ours have
 * an id that the names of their blocks begin with. Blocks that no list names are forgotten after a week.
 */
export function azureObject(send: AzureClient, blob: string, mediaType: string): PartedObject {
  const type = { 'x-ms-blob-content-type': mediaType };

  async function length(signal: AbortSignal): Promise<number | null> {
    try {
      const { headers } = await send({ method: 'HEAD', blob, signal });
      return Number(headers['content-length'] ?? 0);
    } catch (error) {
      // Whoever may write and not read gets no answer. The blob is then taken to be missing.
      if (statusOf(error) === 404 || statusOf(error) === 403) return null;
      throw error;
    }
  }

  /** The blocks that are in no blob yet, by the id of their upload. */
  async function uncommitted(signal: AbortSignal): Promise<Map<string, Map<number, string>>> {
    const uploads = new Map<string, Map<number, string>>();
    for (const name of await namesOfBlocks(signal)) {
      const plain = Buffer.from(name, 'base64').toString('utf8');
      const id = plain.slice(0, UUID_LENGTH);
      const parts = uploads.get(id) ?? new Map<number, string>();
      uploads.set(id, parts.set(Number(plain.slice(UUID_LENGTH + 1)), name));
    }
    return uploads;
  }

  async function namesOfBlocks(signal: AbortSignal): Promise<string[]> {
    const query = { comp: 'blocklist', blocklisttype: 'uncommitted' };
    try {
      const { bytes } = await send({ method: 'GET', blob, query, signal });
      return [...bytes.toString('utf8').matchAll(/<Name>([^<]*)<\/Name>/g)].map(([, name]) => String(name));
    } catch (error) {
      if (statusOf(error) === 404) return [];
      throw error;
    }
  }

  async function putList(names: readonly string[], headers: Record<string, string>, signal: AbortSignal) {
    const list = names.map((name) => `<Latest>${name}</Latest>`).join('');
    const body = Buffer.from(`<?xml version="1.0" encoding="utf-8"?><BlockList>${list}</BlockList>`);
    return send({
      method: 'PUT',
      blob,
      query: { comp: 'blocklist' },
      headers: { ...type, ...headers },
      body,
      signal,
    });
  }

  return {
    length,
    check: async (signal) => {
      await send({ method: 'HEAD', query: { restype: 'container' }, signal });
      await refuseTaken(length, signal);
    },
    putWhole: async (body, signal) => {
      await send({ method: 'PUT', blob, headers: { ...type, 'x-ms-blob-type': 'BlockBlob' }, body, signal });
    },
    begin: async () => randomUUID(),
    putPart: async (uploadId, part, body, signal) => {
      const plain = `${uploadId}-${String(part).padStart(NUMBER_DIGITS, '0')}`;
      const blockid = Buffer.from(plain).toString('base64');
      await send({ method: 'PUT', blob, query: { comp: 'block', blockid }, body, signal });
      return blockid;
    },
    complete: async (_, parts, signal) => {
      const inOrder = [...parts].toSorted(([one], [other]) => one - other);
      await putList(
        inOrder.map(([, name]) => name),
        {},
        signal,
      );
    },
    /** Blocks cannot be removed by themselves: they go with an empty blob that takes their place for a moment. */
    drop: async (uploadId, signal) => {
      const uploads = await uncommitted(signal);
      if (!uploads.has(uploadId) || uploads.size > 1) return; // the blocks of another upload would be lost with it
      try {
        const { headers } = await putList([], { 'if-none-match': '*' }, signal);
        await send({ method: 'DELETE', blob, headers: { 'if-match': String(headers.etag) }, signal });
      } catch (error) {
        if (![404, 409, 412].includes(statusOf(error) ?? 0)) throw error; // otherwise somebody has completed it
      }
    },
    partsOf: async (uploadId, signal) => (await uncommitted(signal)).get(uploadId) ?? new Map(),
    begun: async (signal) => [...(await uncommitted(signal)).keys()],
  };
}
