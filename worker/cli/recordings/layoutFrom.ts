/** What commands say of a layout. */
export interface LayoutOptions {
  readonly layout?: string;
  /** Each as `key=value`. */
  readonly option?: readonly string[];
  /** false: none any more. */
  readonly css?: string | false;
}

/** The layout as the API reads it. Only what was given is in it. */
export function layoutFrom({ layout, option, css }: LayoutOptions) {
  return {
    ...(layout === undefined ? {} : { name: layout }),
    ...(option === undefined ? {} : { options: Object.fromEntries(option.map(optionFrom)) }),
    ...(css === undefined ? {} : { external_css_url: css === false ? null : css }),
  };
}

/** `key=value`, where the value is a number, true, false, null or text. Nothing at all goes back to the default. */
function optionFrom(given: string): [string, unknown] {
  const at = given.indexOf('=');
  if (at < 1) throw new Error(`--option ${given} is not key=value, such as title.text=Standup`);
  const [key, text] = [given.slice(0, at), given.slice(at + 1)];
  if (text === '') return [key, null];
  try {
    return [key, JSON.parse(text)];
  } catch {
    return [key, text];
  }
}
