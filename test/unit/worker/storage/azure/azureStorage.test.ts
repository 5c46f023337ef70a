import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { azureStorage } from '../../../../../worker/storage/azure/azureStorage.ts';
import { storageContract } from '../../../../contracts/storageContract.ts';
import { azuriteMissing, startAzurite } from '../../../../support/startAzurite.ts';

async function start() {
  const root = await mkdtemp(join(tmpdir(), 'call-compositor-spool-'));
  const folders = { spool: join(root, '.uploading'), rescue: join(root, 'undelivered') };
  const azurite = await startAzurite();
  const { target } = azurite;
  const elsewhere = { ...target, container: 'no-such-container' };
  const namesIn = (folder: string) => readdir(folder).catch(() => []);
  return {
    storage: azureStorage(target, folders),
    recipe: { kind: 'azure' as const, options: [target, folders] as Parameters<typeof azureStorage> },
    unwritable: { storage: azureStorage(elsewhere, folders), name: '/no-such-container/' },
    read: (location: string) => azurite.read(location.replace(`${target.endpoint}/recordings/`, '')),
    contents: async () => {
      const complete = await azurite.names('complete');
      const begun = (await azurite.names('all')).filter((name) => !complete.includes(name));
      const onDisk = [...(await namesIn(folders.spool)), ...(await namesIn(folders.rescue))];
      return { complete, unfinished: [...begun, ...onDisk].sort() };
    },
    close: async () => {
      await azurite.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

storageContract('a container of Azure', start, { missing: azuriteMissing });
