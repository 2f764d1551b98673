import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { startHubProcess } from '../hub-process.ts';
import { test as journey } from '../journeys/journey.ts';
import { startCouch, startStore } from '../start-store.ts';

/** The way from the hub to its database, which a test can shut: nobody listens there, and what was open is cut. */
export type StoreDoor = { shut(): Promise<void>; open(): Promise<void> };

async function openDoor(database: string): Promise<StoreDoor & { url: string }> {
  const { hostname, port } = new URL(database);
  const sockets = new Set<Socket>();
  const server = createServer((inward) => {
    const onward = connect(Number(port), hostname);
    for (const [socket, other] of [
      [inward, onward],
      [onward, inward]
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => (sockets.delete(socket), other.destroy()));
      socket.pipe(other);
    }
  });
  const listen = async (at: number) => {
    server.listen(at, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const own = (server.address() as AddressInfo).port;
  const url = new URL(database);
  url.hostname = '127.0.0.1';
  url.port = String(own);
  return {
    url: url.href,
    async shut() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    open: () => listen(own)
  };
}

/** Journeys on a hub whose database can go away: a CouchDB where one is named, else the embedded store as if it were one. */
export const test = journey.extend<{ door: StoreDoor; database: { url: string; prefix: string } }>({
  database: async ({}, use) => {
    const couchUrl = process.env['JOURNEYS_ON_COUCHDB'];
    const store = await (couchUrl ? startCouch(couchUrl) : startStore());
    await use(store);
    await store.stop();
  },
  door: async ({ database }, use) => {
    const door = await openDoor(database.url);
    await use(door);
    await door.shut();
  },
  hub: async ({ door, database }, use) => {
    const { url } = door as Awaited<ReturnType<typeof openDoor>>;
    const hub = await startHubProcess({ COUCHDB_URL: url, COUCHDB_PREFIX: database.prefix });
    await use(hub);
    await hub.remove();
  }
});
