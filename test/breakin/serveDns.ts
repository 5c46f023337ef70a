import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type Answer, decode, encode } from 'dns-packet';
import { PUBLIC } from './layNetwork.ts';

const ZONE = 'evil.test';
const DNS_PORT = 53;

/** What names lead to, IPv4 and IPv6. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  [ZONE]: PUBLIC,
  [`inside.${ZONE}`]: ['10.0.0.1'],
  [`inside6.${ZONE}`]: ['fd00::1'],
  [`metadata.${ZONE}`]: ['169.254.169.254'],
  [`mapped.${ZONE}`]: ['::ffff:10.0.0.1'],
  [`both.${ZONE}`]: [PUBLIC[0], '10.0.0.1'],
};

export interface DnsServer {
  /** Every name that was asked for. */
  readonly asked: ReadonlySet<string>;
  close(): void;
}

/**
 * The name server of the attacker. A name that begins with "rebind-once" leads to a public address at the first look-up
 * and inside at every later one; one that begins with "rebind" changes each time.
 */
export async function serveDns(): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const asked = new Set<string>();
  const times = new Map<string, number>();

  function addressesOf(name: string, type: string): readonly string[] {
    if (!name.startsWith('rebind')) return NAMES[name] ?? [];
    if (type !== 'A') return [];
    const time = (times.get(name) ?? 0) + 1;
    times.set(name, time);
    const isPublic = name.startsWith('rebind-once') ? time === 1 : time % 2 === 1;
    return [isPublic ? PUBLIC[0] : '10.0.0.1'];
  }

  socket.on('message', (message, { port, address }) => {
    const { id, questions = [] } = decode(message);
    const [question] = questions;
    if (question === undefined) return;
    const name = question.name.toLowerCase();
    asked.add(name);
    const family = question.type === 'AAAA' ? 6 : 4;
    const answers: Answer[] = addressesOf(name, question.type)
      .filter((data) => data.includes(':') === (family === 6))
      .map((data) => ({ name: question.name, type: family === 6 ? 'AAAA' : 'A', ttl: 0, data }));
    if (name === `alias.${ZONE}` && family === 4)
      answers.push(
        { name: question.name, type: 'CNAME', ttl: 0, data: `inside.${ZONE}` },
        { name: `inside.${ZONE}`, type: 'A', ttl: 0, data: '10.0.0.1' },
      );
    socket.send(encode({ type: 'response', id, flags: 0x8580, questions, answers }), port, address);
  });
  socket.bind(DNS_PORT, '127.0.0.1');
  await once(socket, 'listening');
  return { asked, close: () => socket.close() };
}
