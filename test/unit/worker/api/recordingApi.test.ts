import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiWorld, startApi } from '../../../support/startApi.ts';
import { redisMissing } from '../../../support/startRedis.ts';

const C = '/api/v2/video/call/default';
let world: ApiWorld;

beforeAll(async () => {
  world = await startApi();
});
afterAll(() => world?.close());

const startOf = async (id: string) => {
  const answer = await world.call('POST', `${C}/${id}/start_recording`);
  expect(answer).toMatchObject({ status: 201, body: { duration: expect.any(String) } });
  const job = (await world.jobs()).find(
    ({ data }) => (data as never as { call: { id: string } }).call.id === id,
  );
  return job as NonNullable<typeof job>;
};

test.skipIf(redisMissing)(
  'a start puts the job on the queue that the settings of call and call type describe',
  async () => {
    await world.call('PUT', '/api/v2/video/calltypes/default', {
      settings: {
        recording: {
          mode: 'available',
          quality: '1080p',
          layout: { name: 'grid', options: { 'title.text': 'Hi' } },
        },
      },
    });
    await world.call('PATCH', `${C}/settings`, {
      settings_override: { recording: { mode: 'available', audio_only: true, quality: null } },
    });
    const { data } = await startOf('settings');
    expect(data).toMatchObject({
      call: { type: 'default', id: 'settings', session_id: expect.any(String) },
      source: { kind: 'demo' },
      recording: {
        audio_only: true,
        quality: '1080p',
        layout: { name: 'grid', options: { 'title.text': 'Hi' } },
      },
    });
  },
);

test.skipIf(redisMissing)('a layout is replaced as a whole, so an app of before does not stay', async () => {
  const put = (layout: unknown) =>
    world.call('PUT', '/api/v2/video/calltypes/default', {
      settings: { recording: { mode: 'available', layout } },
    });
  await put({ name: 'custom', external_app_url: 'https://app.example/' });
  const { body } = await put({ name: 'spotlight', external_css_url: 'https://css.example/a.css' });
  expect(body.settings.recording.layout).toEqual({
    ...{
      name: 'spotlight',
      options: {},
      external_css_url: 'https://css.example/a.css',
      external_app_url: '',
    },
    detect_orientation: false,
  });
});

test.skipIf(redisMissing)('a call has one recording at a time, and another one after that', async () => {
  const { id } = await startOf('twice');
  const again = await world.call('POST', `${C}/twice/start_recording`);
  expect(again).toMatchObject({
    status: 400,
    body: { code: 4, StatusCode: 400, more_info: '', details: [] },
  });
  expect(again.body.message).toContain('is being recorded already');
  await world.ends(id);
  expect((await startOf('twice')).id).not.toBe(id);
});

test.skipIf(redisMissing)('of twenty starts at once on two servers, one is taken', async () => {
  const two = await startApi({ servers: 2 });
  try {
    const starts = Array.from({ length: 20 }, (_, n) =>
      two.call('POST', `${C}/race/start_recording`, undefined, { url: two.urls[n % 2] as string }),
    );
    const statuses = (await Promise.all(starts)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 400)).toHaveLength(19);
    expect(await two.jobs()).toHaveLength(1);
    expect((await two.call('GET', '/api/v1/recordings')).body.recordings).toHaveLength(1);
  } finally {
    await two.close();
  }
});

test.skipIf(redisMissing)(
  'a stop reaches the worker, and a call that is not recorded cannot be stopped',
  async () => {
    const refused = await world.call('POST', `${C}/stopped/stop_recording`);
    expect(refused).toMatchObject({ status: 400, body: { code: 4 } });
    const { id } = await startOf('stopped');
    expect(await world.call('POST', `${C}/stopped/stop_recording`)).toMatchObject({ status: 201 });
    expect(await world.stops()).toContain(id);
    expect((await world.call('GET', `/api/v1/recordings/${id}`)).body.state).toBe('stopping');
    await world.ends(id);
    expect(await world.call('POST', `${C}/stopped/stop_recording`)).toMatchObject({ status: 400 });
  },
);

test.skipIf(redisMissing)('a call whose recording is disabled is not recorded', async () => {
  const override = { settings_override: { recording: { mode: 'disabled' } } };
  expect((await world.call('PATCH', `${C}/off`, override)).status).toBe(200);
  const refused = await world.call('POST', `${C}/off/start_recording`);
  expect(refused).toMatchObject({ status: 400, body: { code: 4 } });
  expect(refused.body.message).toContain('disabled');
});

test.skipIf(redisMissing)(
  'recordings are listed with times as each family of paths writes them, and deleted with their files',
  async () => {
    const { id, data } = await startOf('listed');
    const path = await world.ends(id);
    const newer = await world.call('GET', `${C}/listed/recordings`);
    expect(newer.body.recordings).toEqual([
      {
        filename: `${id}.mp4`,
        url: expect.stringMatching(/^http:\/\/files\.example\/files\/acme\/.+&signature=/),
        start_time: Date.parse('2026-01-02T03:00:00Z') * 1e6,
        end_time: Date.parse('2026-01-02T03:04:58Z') * 1e6,
        session_id: data.call.session_id,
        recording_type: 'composite',
      },
    ]);
    const older = await world.call('GET', `/video/call/default/listed/${data.call.session_id}/recordings`);
    expect(older.body.recordings[0]).toMatchObject({ start_time: '2026-01-02T03:00:00.000Z' });
    const file = `/video/call/default/listed/${data.call.session_id}/recordings/${id}.mp4`;
    expect(await world.call('DELETE', file)).toMatchObject({ status: 200 });
    expect(existsSync(path)).toBe(false);
    expect(await world.call('DELETE', file)).toMatchObject({ status: 404, body: { code: 16 } });
    expect((await world.call('GET', `${C}/listed/recordings`)).body.recordings).toEqual([]);
  },
);

test.skipIf(redisMissing)('a body of nothing, whatever its type, is a body without fields', async () => {
  for (const [n, type] of ['application/json', 'application/x-www-form-urlencoded', 'text/plain'].entries()) {
    const address = `${world.url}${C}/empty-${n}/start_recording?api_key=acme-key`;
    const headers = { authorization: await world.token(), 'content-type': type };
    expect((await fetch(address, { method: 'POST', headers })).status).toBe(201);
  }
});

test.skipIf(redisMissing)('fields that are null are fields that are missing', async () => {
  const body = { settings: null, grants: null, external_storage: null, notification_settings: null };
  expect((await world.call('PUT', '/api/v2/video/calltypes/default', body)).status).toBe(201);
  const start = await world.call('POST', `${C}/nulls/start_recording`, { recording_external_storage: null });
  expect(start.status).toBe(201);
});

test.skipIf(redisMissing)('what is wrong with settings is told with its field', async () => {
  const recording = { mode: 'sometimes', qualty: '720p', layout: { name: 'gird' } };
  const { status, body } = await world.call('PATCH', `${C}/wrong`, { settings_override: { recording } });
  expect(status).toBe(400);
  expect(body).toMatchObject({
    code: 4,
    exception_fields: {
      'settings_override.recording.mode': expect.stringContaining('unknown mode "sometimes"'),
      'settings_override.recording.layout.name': expect.stringContaining('did you mean "grid"'),
      'settings_override.recording': expect.stringContaining('qualty'),
    },
  });
});

test.skipIf(redisMissing)(
  'a storage may be a container of Azure, and changes keep what they do not name',
  async () => {
    const azure_blob = {
      ...{ abs_account_name: 'acme', abs_client_id: 'a-client', abs_tenant_id: 'a-directory' },
      abs_client_secret: 'a-secret-of-azure',
    };
    const storage = { name: 'blue', bucket: 'calls', storage_type: 'abs', path: '/2026/', azure_blob };
    const post = (changes: object) =>
      world.call('POST', '/api/v2/external_storage', { ...storage, ...changes });
    expect((await post({})).status).toBe(201);
    const { abs_client_secret: _, ...secretless } = azure_blob;
    const refused = await post({ name: 'other', azure_blob: secretless });
    expect([refused.status, refused.body.message]).toEqual([400, 'azure_blob.abs_client_secret: is missing']);
    const odd = await post({ name: 'other', azure_blob: { ...azure_blob, abs_account_name: 'a/b' } });
    expect([odd.status, odd.body.message]).toEqual([
      400,
      expect.stringContaining('name of a storage account'),
    ]);
    const changed = await world.call('PUT', '/api/v2/external_storage/blue', { bucket: 'others' });
    expect(changed.body).toMatchObject({ bucket: 'others', type: 'abs' });
    expect(JSON.stringify(changed.body)).not.toContain('secret');
    const path = '/api/v2/video/call/default/blue/start_recording';
    await world.call('POST', path, { recording_external_storage: 'blue' });
    const [job] = (await world.jobs()) as never as { data: { storage: unknown } }[];
    expect(job?.data.storage).toEqual({
      ...{
        kind: 'azure',
        account: 'acme',
        container: 'others',
        prefix: '2026',
        endpoint: null,
        authority: null,
      },
      ...{ tenant_id: 'a-directory', client_id: 'a-client', client_secret: 'a-secret-of-azure' },
    });
  },
);

test.skipIf(redisMissing)(
  'a storage may be a bucket of Google Cloud Storage, and changes keep what they do not name',
  async () => {
    const account = {
      ...{ type: 'service_account', client_email: 'recorder@acme.example' },
      private_key: '-----BEGIN PRIVATE KEY-----\na private line\n-----END PRIVATE KEY-----\n',
      token_uri: 'https://oauth2.googleapis.com/token',
    };
    const gcs_credentials = JSON.stringify(account);
    const storage = { name: 'green', bucket: 'calls', storage_type: 'gcs', path: '/2026/' };
    const post = (changes: object) =>
      world.call('POST', '/api/v2/external_storage', { ...storage, gcs_credentials, ...changes });
    expect((await post({})).status).toBe(201);
    const lacking = await post({ name: 'other', gcs_credentials: null });
    expect([lacking.status, lacking.body.message]).toEqual([400, 'gcs_credentials: is missing']);
    for (const wrong of ['a private line', JSON.stringify({ ...account, private_key: 'a private line' })]) {
      const refused = await post({ name: 'other', gcs_credentials: wrong });
      expect([refused.status, refused.body.message]).toEqual([
        400,
        expect.stringMatching(/^credentials: is not the JSON of a service account's key/),
      ]);
      expect(JSON.stringify(refused.body)).not.toContain('private line');
    }
    const token_uri = world.redisUrl.replace(/^redis:/, 'http:');
    const inside = await post({ name: 'other', gcs_credentials: JSON.stringify({ ...account, token_uri }) });
    expect([inside.status, inside.body.message]).toEqual([400, expect.stringContaining('is refused')]);
    const changed = await world.call('PUT', '/api/v2/external_storage/green', { bucket: 'others' });
    expect(changed.body).toEqual(
      expect.objectContaining({ name: 'green', bucket: 'others', path: '/2026/', type: 'gcs' }),
    );
    const listed = await world.call('GET', '/api/v2/external_storage');
    expect(listed.body.external_storages.green).toMatchObject({ type: 'gcs' });
    expect(JSON.stringify([changed.body, listed.body])).not.toMatch(/private|recorder@/);
    const path = '/api/v2/video/call/default/green/start_recording';
    await world.call('POST', path, { recording_external_storage: 'green' });
    const [job] = (await world.jobs()) as never as { data: { storage: unknown } }[];
    expect(job?.data.storage).toEqual({
      ...{ kind: 'gcs', bucket: 'others', prefix: '2026', endpoint: null, credentials: gcs_credentials },
    });
    const moved = await world.call('PUT', '/api/v2/external_storage/green', { storage_type: 's3' });
    expect([moved.status, moved.body.message]).toEqual([400, 'aws_s3.s3_region: is missing']);
  },
);

test.skipIf(redisMissing)(
  'a recording goes to the storage that the request, or else the call type, names',
  async () => {
    const storage = (name: string) => ({
      ...{ name, bucket: `bucket-${name}`, storage_type: 's3', path: 'calls/' },
      aws_s3: { s3_region: 'eu-west-1', s3_api_key: 'AKIA', s3_secret: 'a-secret-of-the-bucket' },
    });
    for (const name of ['one', 'two'])
      expect((await world.call('POST', '/api/v2/external_storage', storage(name))).status).toBe(201);
    const listed = await world.call('GET', '/api/v2/external_storage');
    expect(listed.body.external_storages.one).toEqual({
      name: 'one',
      bucket: 'bucket-one',
      path: 'calls/',
      type: 's3',
    });
    expect(JSON.stringify(listed.body)).not.toContain('secret');
    await world.call('POST', '/api/v2/video/calltypes', { name: 'stored', external_storage: 'one' });
    const jobOf = async (id: string, body?: unknown) => {
      const started = await world.call('POST', `/api/v2/video/call/stored/${id}/start_recording`, body);
      expect(started.status).toBe(201);
      const jobs = (await world.jobs()) as never as { data: { call: { id: string }; storage?: unknown } }[];
      return jobs.find(({ data }) => data.call.id === id)?.data;
    };
    expect((await jobOf('by-type'))?.storage).toMatchObject({
      kind: 's3',
      bucket: 'bucket-one',
      prefix: 'calls',
    });
    const named = await jobOf('by-request', { recording_external_storage: 'two' });
    expect(named?.storage).toMatchObject({
      bucket: 'bucket-two',
      secret_access_key: 'a-secret-of-the-bucket',
    });
    expect(await jobOf('by-default', { recording_external_storage: 'stream-s3' })).not.toHaveProperty(
      'storage',
    );
    const unknown = await world.call('POST', `${C}/x/start_recording`, {
      recording_external_storage: 'three',
    });
    expect(unknown).toMatchObject({ status: 400, body: { code: 4 } });
  },
);

test.skipIf(redisMissing)(
  'a storage without keys of its own is refused, since it would be written with ours',
  async () => {
    const body = { name: 'keyless', bucket: 'b', storage_type: 's3', aws_s3: { s3_region: 'eu-west-1' } };
    expect(await world.call('POST', '/api/v2/external_storage', body)).toMatchObject({
      status: 400,
      body: { exception_fields: { 'aws_s3.s3_api_key': 'is missing' } },
    });
  },
);

test.skipIf(redisMissing)('what a call carries of a platform’s own is not larger than Stream’s', async () => {
  const path = `${C}/carries`;
  const custom = (length: number, key = 'a') => ({ [key]: 'x'.repeat(length) });
  const tooLong = { status: 400, body: { code: 4, message: expect.stringContaining('5000 characters') } };
  const token = await world.token({ user_id: 'ann' });
  const post = (data: object) => world.call('POST', path, { data }, { token });
  expect(await post({ custom: custom(5_000) })).toMatchObject(tooLong);
  expect(await post({ custom: custom(4_000) })).toMatchObject({ status: 201 });
  expect(await world.call('PATCH', path, { custom: custom(4_000, 'b') })).toMatchObject(tooLong);
  expect(await world.call('PATCH', path, { custom: custom(900, 'b') })).toMatchObject({ status: 200 });
  const members = [{ user_id: 'ben', custom: custom(5_000) }];
  expect(await world.call('POST', path, { data: { members } })).toMatchObject(tooLong);
});

test.skipIf(redisMissing)(
  'a call is created once, changed, and read with all that clients read of it',
  async () => {
    const path = `${C}/created`;
    expect(await world.call('GET', path)).toMatchObject({ status: 404, body: { code: 16 } });
    const data = { created_by_id: 'ann', members: [{ user_id: 'ann', role: 'host' }], custom: { a: 1 } };
    expect((await world.call('POST', path, { data })).body).toMatchObject({ created: true });
    const { body } = await world.call('POST', path, { data: null, ring: null });
    expect(body).toMatchObject({
      created: false,
      call: {
        cid: 'default:created',
        created_by: { id: 'ann' },
        egress: { rtmps: [] },
        custom: { a: 1 },
        recording: false,
      },
      members: [{ user_id: 'ann', role: 'host' }],
    });
    await startOf('created');
    expect((await world.call('GET', path)).body.call).toMatchObject({
      recording: true,
      egress: { composite_recording: { status: 'running' } },
    });
  },
);

test.skipIf(redisMissing)('kinds of recordings that are not built are named as such', async () => {
  const start = await world.call('POST', `${C}/kinds/recordings/raw/start`);
  expect(start).toMatchObject({ status: 501, body: { code: 4, message: expect.stringContaining('"raw"') } });
  expect((await world.call('POST', `${C}/kinds/recordings/undefined/start`)).status).toBe(201);
  expect((await world.call('POST', `${C}/kinds/recordings/composite/stop`)).status).toBe(201);
});

test.skipIf(redisMissing)(
  'whatever is unknown, malformed or too large is refused in the shape of the API',
  async () => {
    const post = async (path: string, body: BodyInit, method = 'POST') => {
      const headers = { authorization: await world.token(), 'content-type': 'application/json' };
      const response = await fetch(`${world.url}${path}?api_key=acme-key`, { method, headers, body });
      return { status: response.status, body: await response.json() };
    };
    const shape = { code: 4, message: expect.any(String), StatusCode: 400, details: [], more_info: '' };
    for (const body of ['{', '[]', '"x"', '{"__proto__": {}}', `${'['.repeat(50_000)}`, '{"data": 5}'])
      expect(await post(`${C}/malformed`, body)).toMatchObject({ status: 400, body: shape });
    const large = JSON.stringify({ data: { custom: { text: 'x'.repeat(2_000_000) } } });
    expect(await post(`${C}/malformed`, large)).toMatchObject({ status: 413 });
    expect(await post('/api/v2/nothing', '{}')).toMatchObject({ status: 404, body: { code: 16 } });
    expect(await post('/api/v2/video/calltypes/undefined', '{}', 'PUT')).toMatchObject({ status: 404 });
    expect(await post(`/api/v2/video/call/a%3Ab/c/start_recording`, '{}')).toMatchObject({ status: 400 });
    expect(await post('/api/v2/video/call/%E0%A4%A/%FF:/start_recording', '{}')).toMatchObject({
      status: 400,
    });
  },
);
