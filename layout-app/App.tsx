import { useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { builtInThemeIn } from '../shared/layout/builtInThemes.ts';
import type { Call } from './call/call.ts';
import type { PageConfig } from './config/readLayoutConfig.ts';
import { Picture } from './layouts/Picture.tsx';
import { useDirection } from './layouts/useDirection.ts';
import { usePictureSize } from './layouts/usePictureSize.ts';
import { LogoAndTitle } from './overlay/LogoAndTitle.tsx';
import { Timestamp } from './overlay/Timestamp.tsx';
import { useReady } from './ready/useReady.ts';
import { useReports } from './ready/useReports.ts';
import { useTheme } from './theme/useTheme.ts';
import { useThemeBoxes } from './theme/useThemeBoxes.ts';
import { useThemeDefaults } from './theme/useThemeDefaults.ts';
import { AudioMix } from './tile/AudioMix.tsx';
import { tileLook } from './tile/tileLook.ts';

interface Props {
  readonly call: Call;
  readonly config: PageConfig;
  /** Settles when the external CSS and the images are loaded, or have failed. */
  readonly assets: Promise<unknown>;
}

/** The picture of a call: its layout with its theme, and the logo and the title over it. */
export function App({ call, config, assets }: Props) {
  const snapshot = useSyncExternalStore(call.subscribe, call.getSnapshot);
  const { state, participants } = snapshot;
  const root = useRef<HTMLDivElement>(null);
  const [shownLayout, setShownLayout] = useState<string>(config.layout);
  const themed = useThemeDefaults(root, shownLayout);
  const given = useMemo(() => ({ ...themed.options, ...config.options }), [themed.options, config.options]);
  const picture = usePictureSize();
  const { boxes, measure } = useThemeBoxes(root, picture);
  const direction = useDirection(call, config.layout, given, picture, boxes);
  const { name, options } = direction.layout;
  if (name !== shownLayout) setShownLayout(name);
  const { isReady, onPainted } = useReady(direction, assets);
  const theme = useTheme(direction.layout, themed.hasOwnColor);
  const look = useMemo(() => tileLook(options), [options]);
  useReports(snapshot, isReady);
  return (
    <div
      ref={root}
      className="eca__app str-video"
      style={theme}
      data-layout={name}
      data-theme={builtInThemeIn(options)}
      data-call={state.name}
    >
      <Picture
        direction={direction}
        participants={participants}
        look={look}
        onPainted={onPainted}
        onBuilt={measure}
      />
      {state.name === 'joined' && participants.length === 0 && (
        <div className="eca__waiting">Waiting for others to join</div>
      )}
      <LogoAndTitle options={options} />
      {options['debug.show_timestamp'] === true && <Timestamp />}
      <AudioMix participants={participants} />
      {state.name === 'failed' && <div className="error">{state.message}</div>}
    </div>
  );
}
