import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import type { RequestLimits } from '../http/limitRequests.ts';
import { type ApiApp, readInput } from '../http/routes.ts';
import { transcriptOf } from '../recordings/transcripts.ts';
import { ListRooms } from './roomRequest.ts';
import { checkToken, found, list } from './serveRooms.ts';
import { transcriptItem } from './transcriptItem.ts';

/** Where VideoSDK's clients read what was said in recordings. */
export const TRANSCRIPTS = '/ai/v1/post-transcriptions';

/** Answers VideoSDK's clients on the transcripts of recordings. A transcript has the id of its recording. */
export function serveTranscripts(app: ApiApp, api: Api, limits: RequestLimits): void {
  for (const path of [TRANSCRIPTS, `${TRANSCRIPTS}/*`]) app.use(path, checkToken(api, limits));
  app.get(TRANSCRIPTS, async (c) => {
    const query = readInput(ListRooms, c.req.query());
    const { pageInfo, rows } = await list(api, c, query, (row) => transcriptOf(row) !== null);
    return c.json({ pageInfo, transcriptions: rows.map((row) => transcriptItem(api, row)) });
  });
  app.get(`${TRANSCRIPTS}/:id`, async (c) => {
    const row = await found(api, c);
    const item = transcriptItem(api, row);
    if (item === null) throw new ApiError('not_found', `the recording "${row.id}" has no transcript`);
    return c.json(item);
  });
}
