import { type FormEvent, useState } from 'react';
import { BUILT_IN_THEMES } from '../../../shared/layout/builtInThemes.ts';
import { layoutNamed } from '../../../shared/layout/layoutNames.ts';
import { useConsole } from '../consoleContext.ts';
import { layoutOf, studioAddress } from '../handover.ts';
import { LayoutChoice } from '../parts/LayoutChoice.tsx';
import { messageOf } from '../parts/messageOf.ts';
import type { Recording, WrittenLayout } from '../recording.ts';

/** The options that are wanted most while a recording runs; the studio has all of them. */
const TEXTS = [
  ['title.text', 'Title', 'Weekly stand-up'],
  ['logo.image_url', 'Logo', 'https://…/logo.svg'],
] as const;

/** Changes what a running recording shows, without a cut; the picture above shows it a second later. */
export function LayoutChange({ recording }: { readonly recording: Recording }) {
  const { client, store, mayChange, tell } = useConsole();
  const before = layoutOf(recording);
  const [layout, setLayout] = useState(layoutNamed(before.name ?? 'spotlight') ?? '');
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  if (!mayChange || recording.audio_only || before.external_app_url) return null;
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const change = changeOf(new FormData(event.currentTarget), layout, before);
    setBusy(true);
    setProblem(null);
    try {
      await store.ask(() => client.update(recording.id, { layout: change }));
      tell('The layout is changed.');
    } catch (error) {
      setProblem(messageOf(error));
    }
    setBusy(false);
  };
  const options = before.options ?? {};
  const studio = studioAddress(recording);
  return (
    <section className="part" aria-label="Layout">
      <h2>Change what it shows</h2>
      <form className="layout-change" onSubmit={submit}>
        <LayoutChoice name="layout" value={layout} onChange={setLayout} />
        <div className="two">
          <label className="field">
            Theme
            <select name="layout.theme" defaultValue={String(options['layout.theme'] ?? 'default')}>
              {BUILT_IN_THEMES.map((theme) => (
                <option key={theme}>{theme}</option>
              ))}
            </select>
          </label>
          {TEXTS.map(([key, name, example]) => (
            <label className="field" key={key}>
              {name}
              <input name={key} placeholder={example} defaultValue={String(options[key] ?? '')} />
            </label>
          ))}
          <label className="field">
            Stylesheet
            <input
              name="css"
              type="url"
              placeholder="https://…/theme.css"
              defaultValue={before.external_css_url ?? ''}
            />
          </label>
        </div>
        {problem && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <p className="line">
          <button type="submit" className="button primary" disabled={isBusy}>
            {isBusy ? 'Changing …' : 'Change it'}
          </button>
          {studio && <a href={studio}>All options, in the studio</a>}
        </p>
      </form>
    </section>
  );
}

/** Only what differs, so that what somebody else has changed meanwhile stays. */
function changeOf(given: FormData, name: string, before: WrittenLayout): WrittenLayout {
  const options: Record<string, unknown> = {};
  const compare = (key: string, usual: string) => {
    const value = String(given.get(key) ?? '').trim();
    if (value !== String(before.options?.[key] ?? usual)) options[key] = value === usual ? null : value;
  };
  compare('layout.theme', 'default');
  for (const [key] of TEXTS) compare(key, '');
  const css = String(given.get('css') ?? '').trim();
  return {
    ...(name && name !== layoutNamed(before.name ?? 'spotlight') ? { name } : {}),
    ...(Object.keys(options).length > 0 ? { options } : {}),
    ...(css !== (before.external_css_url ?? '') ? { external_css_url: css || null } : {}),
  };
}
