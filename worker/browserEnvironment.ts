/** What Chromium needs to find its files, its fonts, its language and its display. */
const NEEDED =
  /^(PATH|HOME|USER|LOGNAME|TMPDIR|TEMP|TMP|TZ|LANG|LANGUAGE|LC_\w+|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|XDG_\w+|FONTCONFIG_\w+|LD_LIBRARY_PATH|SYSTEMROOT|USERPROFILE|APPDATA|LOCALAPPDATA)$/i;
/** How Chromium reaches the network. It uses no password of such an address. */
const PROXY = /^(https?|all|no)_proxy$/i;
const USER_INFO = /^([a-z][a-z\d+.-]*:\/\/)[^/@]*@/i;

/**
 * The environment of a browser: of the worker's own, only what Chromium needs. A page that breaks out of it finds none of
 * the worker's keys there.
 */
export function browserEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept = Object.entries(env).flatMap(([name, value]): [string, string][] => {
    if (value === undefined) return [];
    if (PROXY.test(name)) return [[name, value.replace(USER_INFO, '$1')]];
    return NEEDED.test(name) ? [[name, value]] : [];
  });
  return Object.fromEntries(kept);
}
