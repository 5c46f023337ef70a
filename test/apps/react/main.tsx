// A layout app of a customer's own, in React, written from docs/custom-apps.md: the setupLayout contract.
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { onSetup, participants, ready } from '../../../layout-app/layoutPage.ts';
import type { LayoutConfig } from '../../../shared/layout/layoutConfig.ts';

/** A card that turns, in the colour that the job's options ask for. */
function Cards({ config }: { readonly config: LayoutConfig }) {
  const [turn, setTurn] = useState(0);
  const color = String(config.options['layout.background_color'] ?? '#a00');
  useEffect(() => {
    participants(1);
    requestAnimationFrame(ready);
    const timer = setInterval(() => setTurn((before) => before + 4), 33);
    return () => clearInterval(timer);
  }, []);
  return (
    <main style={{ display: 'grid', placeItems: 'center', height: '100vh', background: color }}>
      <h1 style={{ padding: '10vh', background: '#fff', rotate: `${turn}deg` }}>
        {config.call_type}:{config.call_id}
      </h1>
    </main>
  );
}

const root = createRoot(document.getElementById('root') as HTMLElement);
document.body.style.margin = '0';
onSetup((config) => root.render(<Cards config={config} />));
