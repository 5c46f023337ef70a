import { type MouseEvent, useEffect, useMemo, useRef, useState } from 'react';
import { pictureSizeOf } from '../../shared/encoding/encodingProfile.ts';
import { THEME_CLASSES } from '../../shared/layout/themeClasses.ts';
import { asPattern } from './asPattern.ts';
import { type Box, boxesOf, classAt } from './inspect.ts';
import { configOf, type StudioState } from './studioState.ts';

interface Props {
  readonly state: StudioState;
  readonly lookedAt: string | null;
  readonly lookAt: (className: string | null) => void;
}

/** The layout app at exactly the recording's size, scaled to fit; the class under the pointer is outlined. */
export function Stage({ state, lookedAt, lookAt }: Props) {
  const { widthPx, heightPx } = pictureSizeOf(state.quality);
  const room = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLIFrameElement>(null);
  const [isLoaded, setLoaded] = useState(false);
  const [pointedAt, pointAt] = useState<string | null>(null);
  const [boxes, setBoxes] = useState<readonly Box[]>([]);
  const shown = pointedAt ?? lookedAt;
  const scale = useScale(room, widthPx, heightPx);
  const cssAddress = useTextAddress(state.css);
  const config = useMemo(() => configOf(state, cssAddress), [state, cssAddress]);

  useEffect(() => {
    if (isLoaded) frame.current?.contentWindow?.setupLayout(config);
  }, [config, isLoaded]);

  // The picture also changes by itself, for example when a stylesheet arrives or while shuffling goes on.
  useEffect(() => {
    const look = () => setBoxes(boxesOf(frame.current?.contentDocument ?? null, shown));
    look();
    const timer = setInterval(look, 200);
    return () => clearInterval(timer);
  }, [shown]);

  const classUnder = (event: MouseEvent) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const at = { left: (event.clientX - left) / scale, top: (event.clientY - top) / scale };
    return classAt(frame.current?.contentDocument ?? null, at);
  };
  const looked = THEME_CLASSES.find(({ name }) => name === shown);
  return (
    <main className="studio-stage">
      <div className="studio-room" ref={room}>
        <div className="studio-picture" style={{ width: widthPx * scale, height: heightPx * scale }}>
          <iframe
            ref={frame}
            title="The recording"
            src="../index.html"
            tabIndex={-1}
            onLoad={() => setLoaded(true)}
            style={{ width: widthPx, height: heightPx, transform: `scale(${scale})` }}
          />
          {/* biome-ignore lint/a11y/useKeyWithClickEvents: by keyboard, the list of class names does the same */}
          {/* biome-ignore lint/a11y/noStaticElementInteractions: likewise */}
          <div
            className="studio-glass"
            onPointerMove={(event) => pointAt(classUnder(event))}
            onPointerLeave={() => pointAt(null)}
            onClick={(event) => lookAt(classUnder(event))}
          >
            {boxes.map((box) => (
              <div
                key={`${box.left} ${box.top} ${box.width} ${box.height}`}
                className="studio-outline"
                style={{
                  left: box.left * scale,
                  top: box.top * scale,
                  width: box.width * scale,
                  height: box.height * scale,
                }}
              />
            ))}
          </div>
        </div>
      </div>
      <p className="studio-caption" role="status">
        {looked ? (
          <>
            <code>.{looked.name}</code> {looked.help}{' '}
            {looked.options.length > 0 && <>Options: {looked.options.map(asPattern).join(', ')}</>}
          </>
        ) : (
          `${widthPx} x ${heightPx}. Point at the picture to see its class names; click for the options that touch one.`
        )}
      </p>
    </main>
  );
}

/** The factor by which the picture must shrink to fit its space. */
function useScale(room: React.RefObject<HTMLDivElement | null>, width: number, height: number): number {
  const [size, setSize] = useState({ width: 640, height: 360 });
  useEffect(() => {
    if (!room.current) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(room.current);
    return () => observer.disconnect();
  }, [room]);
  return Math.min(1, size.width / width, size.height / height);
}

/** An address from which a text can be loaded as a stylesheet; empty for no text. */
function useTextAddress(css: string): string {
  const [address, setAddress] = useState('');
  useEffect(() => {
    if (css.trim() === '') return setAddress('');
    const made = URL.createObjectURL(new Blob([css], { type: 'text/css' }));
    setAddress(made);
    // It is not revoked at once, because the layout app may still be loading it.
    return () => void setTimeout(() => URL.revokeObjectURL(made), 10_000);
  }, [css]);
  return address;
}
