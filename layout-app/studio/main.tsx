import { createRoot } from 'react-dom/client';
import { Studio } from './Studio.tsx';
import '../look.css';
import './studio.css';

createRoot(document.getElementById('root') as HTMLElement).render(<Studio />);
