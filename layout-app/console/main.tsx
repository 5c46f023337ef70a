import { createRoot } from 'react-dom/client';
import { Console } from './Console.tsx';
import '../look.css';
import './console.css';
import './list/list.css';
import './one/one.css';

createRoot(document.getElementById('root') as HTMLElement).render(<Console />);
