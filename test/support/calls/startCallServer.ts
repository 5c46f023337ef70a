import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { marksOf } from './expectPeople.ts';

interface Person {
  readonly name: string;
  readonly hueDeg: number;
  readonly toneHz: number;
  readonly hasCamera: boolean;
}

/** Answers apps that ask who is in a call. A path is a call of its own. */
export async function startCallServer() {
  const calls = new Map<string, Person[]>();
  const server = createServer(({ url }, response) => {
    const headers = { 'content-type': 'application/json', 'access-control-allow-origin': '*' };
    response.writeHead(200, headers).end(JSON.stringify(calls.get(String(url)) ?? []));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    /** Opens a call, at an address of its own, with so many people in it. */
    open(id: number, count: number, hasCamera: boolean) {
      const path = `/${id}`;
      const personOf = (_: unknown, index: number) => ({
        name: `Person ${index + 1}`,
        ...marksOf(index),
        hasCamera,
      });
      let people: Person[] = Array.from({ length: count }, personOf);
      const set = async (next: Person[]) => {
        people = next;
        calls.set(path, next);
      };
      calls.set(path, people);
      return {
        url: `http://127.0.0.1:${port}${path}`,
        join: () => set([...people, personOf(null, people.length)]),
        muteCameras: () => set(people.map((person) => ({ ...person, hasCamera: false }))),
        leaveAll: () => set([]),
      };
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
