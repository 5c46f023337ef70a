import { useEffect, useState } from 'react';

/** The size of the page in pixels. */
export function usePictureSize(): { width: number; height: number } {
  const [size, setSize] = useState(measure);
  useEffect(() => {
    const update = () => setSize(measure());
    addEventListener('resize', update);
    return () => removeEventListener('resize', update);
  }, []);
  return size;
}

function measure() {
  return { width: innerWidth, height: innerHeight };
}
