import { azureStorage } from '../../worker/storage/azure/azureStorage.ts';
import { folderStorage } from '../../worker/storage/folderStorage.ts';
import { gcsStorage } from '../../worker/storage/gcs/gcsStorage.ts';
import { presignedStorage } from '../../worker/storage/presigned/presignedStorage.ts';
import { s3Storage } from '../../worker/storage/s3/s3Storage.ts';
import type { Storage } from '../../worker/storage/storage.ts';

/** What makes a storage, so that another process can make the same one. */
export type StorageRecipe =
  | { readonly kind: 'local'; readonly folder: string }
  | { readonly kind: 's3'; readonly options: Parameters<typeof s3Storage> }
  | { readonly kind: 'gcs'; readonly options: Parameters<typeof gcsStorage> }
  | { readonly kind: 'azure'; readonly options: Parameters<typeof azureStorage> }
  | { readonly kind: 'presigned'; readonly options: Parameters<typeof presignedStorage> };

export function storageOf(recipe: StorageRecipe): Storage {
  if (recipe.kind === 'local') return folderStorage(recipe.folder);
  if (recipe.kind === 'gcs') return gcsStorage(...recipe.options);
  if (recipe.kind === 'azure') return azureStorage(...recipe.options);
  return recipe.kind === 's3' ? s3Storage(...recipe.options) : presignedStorage(...recipe.options);
}

export const STEP_BYTES = 256 * 1024;

/** The bytes of that step: all the same, and others than those of the steps before and behind it. */
export function stepBytes(step: number): Buffer {
  return Buffer.alloc(STEP_BYTES, (step % 255) + 1);
}

/**
 * A program that writes a file into a storage, step by step, until it is killed: `recipe key`. It prints
 * where its manifest is, which says how to go on, then the number of each step that is written, and why it ended.
 */
export async function main([, , recipe, key]: readonly string[]): Promise<void> {
  const storage = storageOf(JSON.parse(String(recipe)));
  const sink = await storage.open({ key: String(key), mediaType: 'video/webm' });
  await sink.keepManifest(sink.unfinished());
  process.stdout.write(`${sink.localPath}.json\n`);
  try {
    for (let step = 0; ; step++) {
      await sink.write(stepBytes(step), step * STEP_BYTES);
      if (step % 10 === 0) await sink.keepManifest(sink.unfinished());
      process.stdout.write(`${step}\n`);
    }
  } catch (error) {
    process.stdout.write(`ended: ${(error as Error).message}\n`);
  }
}
