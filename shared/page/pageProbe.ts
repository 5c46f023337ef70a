/** What a recorded page answers when the worker asks whether it still shows something. */
export interface PageProbe {
  readonly href: string;
  /** HTTP status of the document; 0 where the browser does not tell. */
  readonly httpStatus: number;
  /** Text of `div.error`, the template contract's way to report a failure; empty where there is none. */
  readonly errorText: string;
  /** Whether there is text, media or a background image in the document. */
  readonly hasContent: boolean;
}
