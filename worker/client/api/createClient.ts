import type { Recording, RecordingPage, RecordingWithEvents } from '../../../shared/api/recordingReply.ts';
import type { ListQuery, PauseRecording, RecordingChange } from '../../../shared/api/recordingRequests.ts';
import type { StartRecording } from '../../../shared/api/startRecording.ts';
import type { WorkerReply } from '../../../shared/api/workerReply.ts';
import { type ApiRequest, createSender } from './sendRequest.ts';
import { type Credentials, tokensOf } from './tokens.ts';
import { type WatchedEvent, type WatchOptions, watchEvents } from './watchEvents.ts';

/** Which server is asked, and who asks. */
export type ClientOptions = Credentials & {
  /** The address of a server, such as https://recordings.example.com. */
  readonly url: string;
};

/**
 * Our own recording API. What is refused, or not answered, rejects with a CompositorError. Only what changes nothing is
 * tried again by itself, for some seconds.
 */
export interface Client {
  /** Puts the recording of a call on the queue. A call has one recording at a time. */
  start(request: StartRecording): Promise<Recording>;
  /** Ends a recording. It is stored by the time that its last event comes. */
  stop(id: string): Promise<Recording>;
  get(id: string): Promise<RecordingWithEvents>;
  /** All recordings that are asked for, the newest first; a page is fetched when the one before is used up. */
  list(query?: ListQuery): AsyncGenerator<Recording, void, undefined>;
  /** The same, page by page. `next` of a page is the `cursor` with which a later call goes on. */
  pages(query?: ListQuery): AsyncGenerator<RecordingPage, void, undefined>;
  /** Changes the layout of a running recording. The answer comes before the change is seen. */
  update(id: string, change: RecordingChange): Promise<Recording>;
  /** `skip` leaves the time out of the file, and `silence` fills it with a still picture and silence. */
  pause(id: string, request?: PauseRecording): Promise<Recording>;
  resume(id: string): Promise<Recording>;
  /** Deletes a recording that is over, with its files. */
  delete(id: string): Promise<void>;
  /** Events as they happen; none is missed, also where the connection is lost for a while. */
  watch(options?: WatchOptions): AsyncGenerator<WatchedEvent, void, undefined>;
  workers(): Promise<WorkerReply[]>;
  /** The picture of the last second of a running recording, a JPEG. */
  picture(id: string): Promise<Blob>;
}

/**
 * A client of one server and one API key, for Node and for browsers. Throws a TypeError where the address of the server is
 * none.
 *
 * @example
 * const client = createClient({ url: 'https://recordings.example.com', apiKey: 'key', secret: 'its secret' });
 * const { id } = await client.start({ call_id: 'standup' });
 * for await (const event of client.watch({ recording_id: id })) console.log(event.type);
 */
export function createClient(options: ClientOptions): Client {
  const { url, apiKey } = options;
  const sender = createSender({ url, apiKey, token: tokensOf(options) });
  const json = <Reply>(request: ApiRequest) =>
    sender.send(request, async (answer) => (await answer.json()) as Reply);
  const of = (id: string, verb = '') => `/recordings/${encodeURIComponent(id)}${verb}`;

  async function* pages(query: ListQuery = {}): AsyncGenerator<RecordingPage, void, undefined> {
    let cursor: string | null | undefined = query.cursor;
    do {
      const asked = cursor === undefined ? query : { ...query, cursor };
      const page: RecordingPage = await json({ method: 'GET', path: '/recordings', query: asked });
      yield page;
      cursor = page.next;
    } while (cursor !== null);
  }

  return {
    start: (body) => json({ method: 'POST', path: '/recordings', body }),
    stop: (id) => json({ method: 'POST', path: of(id, '/stop') }),
    get: (id) => json({ method: 'GET', path: of(id) }),
    list: async function* (query) {
      for await (const { recordings } of pages(query)) yield* recordings;
    },
    pages,
    update: (id, body) => json({ method: 'PATCH', path: of(id), body }),
    pause: (id, body = {}) => json({ method: 'POST', path: of(id, '/pause'), body }),
    resume: (id) => json({ method: 'POST', path: of(id, '/resume') }),
    delete: (id) => sender.send({ method: 'DELETE', path: of(id) }, async () => {}),
    watch: (given = {}) => watchEvents(sender, given),
    workers: async () =>
      (await json<{ workers: WorkerReply[] }>({ method: 'GET', path: '/workers' })).workers,
    picture: (id) => sender.send({ method: 'GET', path: of(id, '/picture') }, (answer) => answer.blob()),
  };
}
