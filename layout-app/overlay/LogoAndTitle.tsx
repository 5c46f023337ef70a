import { useRef } from 'react';
import type { ResolvedLayoutOptions } from '../../shared/layout/resolveLayoutOptions.ts';
import { useHalo } from '../theme/useHalo.ts';

interface Props {
  readonly options: ResolvedLayoutOptions;
}

/** The logo and the title over the picture, each at the place its options give; side by side if both have one place. */
export function LogoAndTitle({ options }: Props) {
  const hasLogo = Boolean(options['logo.image_url']);
  const hasTitle = Boolean(options['title.text']);
  if (!hasLogo && !hasTitle) return null;
  const [logo, title] = [placeOf('logo', options), placeOf('title', options)];
  const isOnePlace = JSON.stringify(logo) === JSON.stringify(title);
  return (
    <div className="eca__logo-and-title-overlay" data-testid="logo-and-title-overlay">
      {hasLogo && hasTitle && isOnePlace ? (
        <div className="eca__logo-beside-title" {...logo}>
          <Logo options={options} />
          <Title options={options} />
        </div>
      ) : (
        <>
          {hasLogo && <Logo options={options} place={logo} />}
          {hasTitle && <Title options={options} place={title} />}
        </>
      )}
    </div>
  );
}

interface Place {
  readonly 'data-horizontal': string;
  readonly 'data-vertical': string;
}

function Logo({ options, place }: Props & { readonly place?: Place }) {
  const address = String(options['logo.image_url']);
  return (
    // Decoded at once, so that no picture shows its place empty when another logo takes it.
    <img
      className="eca__logo-and-title-overlay__logo"
      data-testid="logo"
      decoding="sync"
      src={address}
      alt=""
      {...place}
    />
  );
}

function Title({ options, place }: Props & { readonly place?: Place }) {
  const title = useRef<HTMLDivElement>(null);
  useHalo(title);
  return (
    <div ref={title} className="eca__logo-and-title-overlay__title" data-testid="title" dir="auto" {...place}>
      {String(options['title.text'])}
    </div>
  );
}

function placeOf(what: 'logo' | 'title', options: ResolvedLayoutOptions): Place {
  return {
    'data-horizontal': String(options[`${what}.horizontal_position`]),
    'data-vertical': String(options[`${what}.vertical_position`]),
  };
}
