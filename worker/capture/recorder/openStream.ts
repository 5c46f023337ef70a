import type { RecorderOptions } from '../../../shared/recorder/recorderCalls.ts';

/**
 * A rate above the recording's own. If the capturer is asked for exactly that rate, it sometimes skips a
 * frame that came early.
 */
const CAPTURE_RATE_FACTOR = 2;
/**
 * The slowest rate, at which a page that does not change is still sent. Without it some static pages never
 * send a first frame.
 */
const REFRESH_RATE = 5;

/** The sound as it is played. The processing that microphones need would distort it. */
const UNPROCESSED = {
  echoCancellation: false,
  googEchoCancellation: false,
  googNoiseSuppression: false,
  googAutoGainControl: false,
  googHighpassFilter: false,
};

/** Opens the stream of the tab that shows `targetTabUrl`, at exactly the recording's size. */
export async function openStream(options: RecorderOptions): Promise<MediaStream> {
  const tabs = await chrome.tabs.query({});
  const tab = tabs.find(({ url }) => url === options.targetTabUrl);
  if (tab?.id === undefined) throw new Error(`no tab shows ${options.targetTabUrl}`);
  const chromeMediaSourceId = await chrome.tabCapture.getMediaStreamId({
    targetTabId: tab.id,
  });
  const source = { chromeMediaSource: 'tab', chromeMediaSourceId };
  const { widthPx, heightPx, framesPerSecond } = options.picture;
  const picture = {
    minWidth: widthPx,
    maxWidth: widthPx,
    minHeight: heightPx,
    maxHeight: heightPx,
    minFrameRate: REFRESH_RATE,
    maxFrameRate: framesPerSecond * CAPTURE_RATE_FACTOR,
  };
  // The `mandatory` form is Chromium's own for tab capture (see the chrome.tabCapture documentation). No
  // types describe it.
  const constraints: unknown = {
    audio: { mandatory: { ...source, ...UNPROCESSED } },
    video: options.audioOnly ? false : { mandatory: { ...source, ...picture } },
  };
  return navigator.mediaDevices.getUserMedia(constraints as MediaStreamConstraints);
}
