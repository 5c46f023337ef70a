import { execFileSync } from 'node:child_process';
import { createHash, createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';

const PAGE = fileURLToPath(new URL('page', import.meta.url));
const READY = "<script>console.log('START_RECORDING')</script>";

export interface Attacker {
  /** What Chromium must be told, so that it trusts the certificate. */
  readonly spki: string;
  close(): void;
}

/** What the attacking page is told. */
export interface Plan {
  /** Of each family of addresses. */
  readonly hosts: readonly (readonly string[])[];
  readonly firstPort: number;
  /** How long to wait for what is slow. */
  readonly seconds: number;
}

/** Serves the attacking page, and everything that leads elsewhere, as http and https on the usual ports. */
export async function serveAttacker(plan: Plan): Promise<Attacker> {
  const files = sirv(PAGE, { dev: true });
  const answer: RequestListener = (request, response) => {
    const url = new URL(String(request.url), 'http://evil.test');
    const ask = (name: string) => url.searchParams.get(name) ?? '';
    const send = (type: string, text: string) => response.setHeader('content-type', type).end(text);
    response.setHeader('access-control-allow-origin', '*');
    response.on('error', () => {});
    switch (url.pathname) {
      case '/plan':
        return send('application/json', JSON.stringify(plan));
      case '/redirect': {
        const times = Number(ask('times')) - 1;
        const again = `/redirect?${new URLSearchParams({ to: ask('to'), status: ask('status'), times: String(times) })}`;
        return response.writeHead(Number(ask('status')), { location: times > 0 ? again : ask('to') }).end();
      }
      case '/document':
        return send('text/html', `${READY}<body><script>${ask('text')}</script>`);
      case '/meta':
        return send('text/html', `<meta http-equiv="refresh" content="0;url=${ask('to')}">`);
      case '/css':
        return send('text/css', ask('text'));
      case '/xml':
        return send('text/xml', ask('text'));
      case '/header':
        response.setHeader(ask('name'), ask('value'));
        return send(
          'text/html',
          '<img src="http://8.8.4.4/x"><script>new Image().src="/y";nothing()</script>',
        );
      case '/worker.js':
        return send(
          'text/javascript',
          `oninstall=()=>{fetch("${ask('to')}",{mode:"no-cors"});skipWaiting()};try{importScripts("${ask('to')}")}catch{}`,
        );
      default:
        return files(request, response, () => void response.writeHead(404).end());
    }
  };
  const { key, cert, spki } = await certificate();
  const servers = [createServer(answer), createSecureServer({ key, cert }, answer)];
  await Promise.all(servers.map((server, at) => once(server.listen(at === 0 ? 80 : 443, '::'), 'listening')));
  return {
    spki,
    close: () => {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

async function certificate() {
  const folder = await mkdtemp(join(tmpdir(), 'breakin-'));
  const [keyPath, certPath] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const names = ['-subj', '/CN=evil.test', '-addext', 'subjectAltName=DNS:evil.test,DNS:*.evil.test'];
  const files = ['-keyout', keyPath, '-out', certPath];
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...files, ...names],
    {
      stdio: 'ignore',
    },
  );
  const [key, cert] = await Promise.all([readFile(keyPath, 'utf8'), readFile(certPath, 'utf8')]);
  const der = createPublicKey(cert).export({ type: 'spki', format: 'der' });
  return { key, cert, spki: createHash('sha256').update(der).digest('base64') };
}
