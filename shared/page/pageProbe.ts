/** What a recorded page answers when the worker asks how it is. */
export interface PageProbe {
  readonly href: string;
  /** HTTP status of the document; 0 where the browser does not tell. */
  readonly httpStatus: number;
  /** Text of `div.error`, the template contract's way to report a failure; empty where there is none. */
  readonly errorText: string;
  /** The text that the page shows, at most 300 characters of it. */
  readonly text: string;
  /** Whether this document has ever shown text, media or a background image, or has rendered elements. */
  readonly hasShownAnything: boolean;
  /** What the document has lost for good, as far as the page can tell; null where it has lost nothing. */
  readonly loss: PageLoss | null;
}

/** A document that showed something, shows nothing now, and did not empty itself in the ordinary course of a call. */
export interface PageLoss {
  /**
   * exception, rejection: the root of the app was emptied at the moment of an uncaught error or a rejected promise.
   * removed: the body lost every element, and among them what was in the HTML of the page.
   */
  readonly cause: 'exception' | 'rejection' | 'removed';
  /** The uncaught error; null where there was none. */
  readonly error: string | null;
}
