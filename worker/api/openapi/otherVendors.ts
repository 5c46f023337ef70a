import { z } from '@hono/zod-openapi';
import type { ApiApp } from '../http/routes.ts';
import { EgressId, ListEgress, RoomComposite, WebEgress } from '../livekit/egressRequest.ts';
import { StartForm } from '../twilio/callbackRequest.ts';
import { Paging } from '../twilio/listRequest.ts';
import { BASE } from '../twilio/recordingResource.ts';
import { EndRoom, ListRooms, StartRoom } from '../videosdk/roomRequest.ts';
import { TRANSCRIPTS } from '../videosdk/serveTranscripts.ts';
import { type DescribedPath, describePath } from './describePath.ts';

const TwirpError = z.object({ code: z.string(), msg: z.string() });
const TwilioError = z.object({ code: z.int(), message: z.string(), more_info: z.string(), status: z.int() });
const RoomError = z.object({ message: z.string(), code: z.int() });
const ChangeForm = z.object({ Status: z.literal('stopped') });

const EGRESS: readonly Omit<DescribedPath, 'tag' | 'error' | 'method'>[] = [
  { path: 'StartRoomCompositeEgress', summary: 'Record a room', body: RoomComposite },
  { path: 'StartWebEgress', summary: 'Record a page', body: WebEgress },
  { path: 'StopEgress', summary: 'Stop an egress', body: EgressId },
  { path: 'ListEgress', summary: 'List egresses', body: ListEgress },
];

const ACCOUNT = `${BASE}/Accounts/{account}`;
const FORM = 'application/x-www-form-urlencoded';
const CALLS: readonly Omit<DescribedPath, 'tag' | 'error'>[] = [
  {
    method: 'post',
    path: '/Calls/{call}/Recordings.json',
    summary: 'Record a call',
    body: StartForm,
    bodyType: FORM,
  },
  {
    method: 'get',
    path: '/Calls/{call}/Recordings.json',
    summary: 'List the recordings of a call',
    query: Paging,
  },
  {
    method: 'post',
    path: '/Calls/{call}/Recordings/{sid}.json',
    summary: 'Stop a recording',
    body: ChangeForm,
    bodyType: FORM,
  },
  { method: 'get', path: '/Recordings.json', summary: 'List recordings', query: Paging },
  { method: 'get', path: '/Recordings/{sid}.json', summary: 'Get a recording' },
  { method: 'get', path: '/Recordings/{sid}', summary: 'Get the file of a recording' },
  { method: 'delete', path: '/Recordings/{sid}.json', summary: 'Delete a recording' },
];

const ROOMS: readonly Omit<DescribedPath, 'tag' | 'error'>[] = [
  { method: 'post', path: '/start', summary: 'Record a room', body: StartRoom },
  { method: 'post', path: '/end', summary: 'Stop recording a room', body: EndRoom },
  { method: 'get', path: '', summary: 'List recordings', query: ListRooms },
  { method: 'get', path: '/{id}', summary: 'Get a recording' },
  { method: 'delete', path: '/{id}', summary: 'Delete a recording' },
];

const ROOM_TRANSCRIPTS: readonly Omit<DescribedPath, 'tag' | 'error'>[] = [
  { method: 'get', path: TRANSCRIPTS, summary: 'List transcripts', query: ListRooms },
  { method: 'get', path: `${TRANSCRIPTS}/{id}`, summary: 'Get the transcript of a recording' },
];

/** Adds the paths of LiveKit, Twilio and VideoSDK to the OpenAPI document. */
export function describeOtherVendors(app: ApiApp): void {
  for (const one of EGRESS)
    describePath(app, {
      ...{ ...one, method: 'post', path: `/twirp/livekit.Egress/${one.path}` },
      ...{ tag: 'Egress (LiveKit)', error: TwirpError },
    });
  for (const one of CALLS)
    describePath(app, {
      ...one,
      path: `${ACCOUNT}${one.path}`,
      tag: 'Recordings (Twilio)',
      error: TwilioError,
    });
  const rooms = ROOMS.map((one) => ({ ...one, path: `/v2/recordings${one.path}` }));
  for (const one of [...rooms, ...ROOM_TRANSCRIPTS])
    describePath(app, { ...one, tag: 'Rooms (VideoSDK)', error: RoomError });
}
