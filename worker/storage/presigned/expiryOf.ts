/**
 * When a signed address expires, in Unix ms; null where it does not say so. The names are those of S3 and of Google Cloud
 * Storage (a time and a number of seconds), of their older signatures (Unix seconds), and of Azure's shared access
 * signatures (a time).
 */
export function expiryOf(url: string): number | null {
  const query = new URL(url).searchParams;
  for (const vendor of ['X-Amz', 'X-Goog']) {
    const from = timeIn(query.get(`${vendor}-Date`));
    const forS = Number(query.get(`${vendor}-Expires`) ?? Number.NaN);
    if (from !== null && Number.isFinite(forS)) return from + forS * 1000;
  }
  const seconds = query.get('Expires');
  if (seconds !== null && /^\d{1,12}$/.test(seconds)) return Number(seconds) * 1000;
  return timeIn(query.get('se'));
}

/** Reads `20260131T120000Z`, and ISO 8601. */
function timeIn(text: string | null): number | null {
  const basic = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '');
  const [, year, month, day, hour, minute, second] = basic ?? [];
  const time = Date.parse(basic ? `${year}-${month}-${day}T${hour}:${minute}:${second}Z` : (text ?? ''));
  return Number.isNaN(time) ? null : time;
}
