import { useEffect, useRef, useState } from 'react';
import { duration } from '../parts/format.ts';
import type { ListedFile } from '../recording.ts';
import { drawFrames } from './drawFrames.ts';

interface Props {
  readonly file: ListedFile;
  readonly onSeek: (seconds: number) => void;
  /** Called with the address of a picture of the recording, where the browser lets this page read one. */
  readonly onPoster: (address: string) => void;
}

const PICTURES = 8;
/** They are drawn a little before somebody scrolls to them. */
const AHEAD = '600px';

/** Some pictures of a video, drawn by the browser from the file; each leads to its place. */
export function ContactSheet({ file, onSeek, onPoster }: Props) {
  const sheet = useRef<HTMLDivElement>(null);
  const [address] = useState(file.url);
  const [isSeen, setSeen] = useState(false);
  const [drawn, setDrawn] = useState(0);
  const times = Array.from({ length: PICTURES }, (_, at) => ((at + 0.5) / PICTURES) * file.duration_s);

  useEffect(() => {
    if (!sheet.current) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && setSeen(true), {
      rootMargin: AHEAD,
    });
    observer.observe(sheet.current);
    return () => observer.disconnect();
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the times are those of the file
  useEffect(() => {
    if (!isSeen || !sheet.current) return;
    const canvases = [...sheet.current.querySelectorAll('canvas')];
    const over = new AbortController();
    let poster: string | null = null;
    drawFrames(address, times, canvases, over.signal, (count) => {
      setDrawn(count);
      if (count !== 1) return;
      readPicture(canvases[0] as HTMLCanvasElement, (picture) => {
        if (over.signal.aborted) return URL.revokeObjectURL(picture);
        poster = picture;
        onPoster(picture);
      });
    });
    return () => {
      over.abort();
      if (poster) URL.revokeObjectURL(poster);
    };
  }, [isSeen, address, onPoster]);

  return (
    <section className="sheet" aria-label="Pictures">
      <div className="sheet-pictures" ref={sheet} data-drawn={drawn}>
        {times.map((time) => (
          <button
            key={time}
            type="button"
            aria-label={`Go to ${duration(time)}`}
            onClick={() => onSeek(time)}
          >
            <canvas />
            <span className="figure">{duration(time)}</span>
          </button>
        ))}
      </div>
    </section>
  );
}

/** A file in a bucket is another origin's, whose pictures may be shown and not read. */
function readPicture(canvas: HTMLCanvasElement, onRead: (address: string) => void): void {
  try {
    canvas.toBlob((blob) => blob && onRead(URL.createObjectURL(blob)), 'image/jpeg', 0.85);
  } catch {
    // The player then shows the first picture.
  }
}
