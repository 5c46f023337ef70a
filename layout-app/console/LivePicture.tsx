import { type ReactNode, useEffect, useState } from 'react';
import { useConsole } from './consoleContext.ts';

interface Props {
  readonly id: string;
  /** What it shows, for who cannot see it. */
  readonly label: string;
  /** What is shown while there is no picture. */
  readonly children: ReactNode;
}

/** The picture of the last second of a recording, anew each second while it is seen. */
export function LivePicture({ id, label, children }: Props) {
  const { pictures } = useConsole();
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => pictures.follow(id, setAddress), [pictures, id]);
  if (address === null) return children;
  return <img className="picture" src={address} alt={label} />;
}
