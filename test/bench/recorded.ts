import type { Page } from 'puppeteer';
import type { Size } from './size.ts';

/** What pipelines record: a page, or a call in our layout app. */
export interface Recorded {
  /** Opens it in a tab of a browser. Resolves once the page says that it may be recorded. */
  open(tab: Page): Promise<void>;
  /** What a job for our worker says of it. */
  readonly job: { readonly call: object; readonly source?: object; readonly layout: object };
}

/** A thing to record whose recordings tell how well they were made. */
export interface Measurable extends Recorded {
  /** Reads a recording whose last seconds were measured. */
  analyze(file: string, given: { size: Size; seconds: number }): Promise<Analysis>;
  close(): Promise<unknown>;
}

/** What is read from a recording; not everything can be read from each. Times are in milliseconds. */
export interface Analysis {
  /** Different pictures per second, divided by the rate that was asked for. */
  readonly covered: number;
  /** Of a call: the pictures of one camera that are in the recording, divided by those that it sent. */
  readonly cameraCovered?: number;
  /** Of a page with a clock, see analyzeRecording.ts. */
  readonly judderP95Ms?: number | null;
  readonly avOffsetMs?: number | null;
  readonly avSpreadMs?: number | null;
  readonly avSpreadByClockMs?: number | null;
  readonly kbps?: number;
}

/** Resolves once a page says that it may be recorded, as layout-app/layoutPage.ts does. */
export async function saysReady(tab: Page): Promise<void> {
  await tab.waitForSelector('#egress-ready-for-capture');
}
