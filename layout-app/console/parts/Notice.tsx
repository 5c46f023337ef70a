import type { ReactNode } from 'react';

interface Props {
  readonly title: string;
  readonly children?: ReactNode;
  readonly kind?: 'empty' | 'wrong';
}

/** What is shown where there is nothing to show: what that means, and what to do. */
export function Notice({ title, children, kind = 'empty' }: Props) {
  return (
    <div className="notice" data-kind={kind} role={kind === 'wrong' ? 'alert' : undefined}>
      <h2>{title}</h2>
      {children}
    </div>
  );
}
