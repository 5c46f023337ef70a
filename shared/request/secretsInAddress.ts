/** Names of query parameters whose values are secrets, in any of their parts: `access_token`, `X-Amz-Signature`. */
const SECRET_NAME =
  /token|secret|signature|password|passwd|credential|jwt|(?:^|[-_.])(?:pass|pwd|sig|auth|authorization|key|api-?key|apikey|code|session)$|^(?:apikey|accesskey)$/i;
/** A value that nobody writes by hand: long, without a space, of letters and digits. */
const LOOKS_RANDOM = /^(?=.*\d)(?=.*[a-z])[\w.~+/=-]{24,}$/i;

const USER_INFO = /^[a-z][a-z\d+.-]*:\/\/([^/?#\s]*)@/i;
const QUERY = /[?#]([^\s]*)$/;

/**
 * What must not be told of an address: the password before its host (or the user, where there is no password), and
 * those values of its query or fragment that look like tokens. Each is as it means, not as it is encoded.
 */
export function secretsInAddress(address: string): string[] {
  const [, userInfo = ''] = USER_INFO.exec(address) ?? [];
  const colon = userInfo.indexOf(':');
  const [, query = ''] = QUERY.exec(address) ?? [];
  const values = query.split(/[?#&;]/).flatMap((parameter) => {
    const [name = '', ...rest] = parameter.split('=');
    const value = decoded(rest.join('=').replaceAll('+', ' '));
    return SECRET_NAME.test(decoded(name)) || LOOKS_RANDOM.test(value) ? [value] : [];
  });
  return [decoded(userInfo.slice(colon + 1)), ...values].filter((secret) => secret !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
