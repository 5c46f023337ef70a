import type { CustomAction } from '../../shared/layout/customActions.ts';
import { imageAddressesIn } from '../../shared/layout/imageAddressesIn.ts';
import type { GivenOptions } from '../../shared/layout/parseLayoutOptions.ts';
import type { RecordingRequest } from '../../shared/request/recordingRequest.ts';
import type { LimitedAddress } from './limitAnswers.ts';

/** Every address a job asks the browser to load; also what its custom actions would load one day. */
export function externalUrls({ layout }: Pick<RecordingRequest, 'layout'>): string[] {
  const pages = [layout.externalAppUrl, layout.externalCssUrl].filter((url) => url !== null);
  return [...pages, ...imagesOf(layout)];
}

/** Those of them whose size has a limit. */
export function limitedAddresses({ layout }: Pick<RecordingRequest, 'layout'>): LimitedAddress[] {
  const stylesheets = [layout.externalCssUrl].filter((url) => url !== null);
  return [
    ...stylesheets.map((url) => ({ kind: 'stylesheet' as const, url })),
    ...imagesOf(layout).map((url) => ({ kind: 'image' as const, url })),
  ];
}

function imagesOf(layout: RecordingRequest['layout']): string[] {
  const actions = (layout.options.custom_actions ?? []) as readonly CustomAction[];
  const overrides = actions.map((action) =>
    action.action_type === 'options_override' ? (action.options as GivenOptions) : {},
  );
  return [layout.options, ...overrides].flatMap(imageAddressesIn);
}
