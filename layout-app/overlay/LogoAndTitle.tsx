import type { ResolvedLayoutOptions } from '../../shared/resolveLayoutOptions.ts';

interface Props {
  readonly options: ResolvedLayoutOptions;
}

/** The logo and the title over the picture, each where its options say; side by side where that is one place. */
export function LogoAndTitle({ options }: Props) {
  const [logo, title] = [placeOf('logo', options), placeOf('title', options)];
  const hasLogo = Boolean(options['logo.image_url']);
  const hasTitle = Boolean(options['title.text']);
  if (!hasLogo && !hasTitle) return null;
  const isOnePlace = logo.horizontal === title.horizontal && logo.vertical === title.vertical;
  return (
    <div className="eca__logo-and-title-overlay">
      {hasLogo && (
        <div className="eca__overlay-place" data-horizontal={logo.horizontal} data-vertical={logo.vertical}>
          <Logo options={options} />
          {isOnePlace && <Title options={options} />}
        </div>
      )}
      {hasTitle && !(hasLogo && isOnePlace) && (
        <div className="eca__overlay-place" data-horizontal={title.horizontal} data-vertical={title.vertical}>
          <Title options={options} />
        </div>
      )}
    </div>
  );
}

function Logo({ options }: Props) {
  return <img className="eca__logo-and-title-overlay__logo" src={String(options['logo.image_url'])} alt="" />;
}

function Title({ options }: Props) {
  const text = options['title.text'];
  if (!text) return null;
  return (
    <div className="eca__logo-and-title-overlay__title" dir="auto">
      {String(text)}
    </div>
  );
}

function placeOf(what: 'logo' | 'title', options: ResolvedLayoutOptions) {
  return {
    horizontal: String(options[`${what}.horizontal_position`]),
    vertical: String(options[`${what}.vertical_position`]),
  };
}
