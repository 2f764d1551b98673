import { createServer } from 'node:net';

export type Embedded = {
  /** `http://user:secret@127.0.0.1:port`, the same for as long as it runs, restarts included. */
  url: string;
  /** Resolves when the child has closed its files and ended. */
  stop(): Promise<void>;
};

export type EmbeddedLog = {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

/** Starts the embedded store on `directory` and keeps it running. Rejects when a previous store still holds the directory after 10 s. */
export async function startEmbedded(options: { directory: string; log: EmbeddedLog }): Promise<Embedded> {
  const server = createServer();
  throw new Error(`Not yet: ${options.directory} ${server.listening}`);
}
