import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request as a Node server gets it, without a socket. */
export function requestOf(method: string, url: string, headers: Record<string, string>, body = ''): IncomingMessage {
  return {
    method,
    url,
    headers,
    body,
    async *[Symbol.asyncIterator]() {
      if (body) yield Buffer.from(body);
    }
  } as unknown as IncomingMessage;
}

/** What a handler writes its answer to; hears each piece, and how it ended. */
export class MemoryResponse extends EventEmitter {
  statusCode = 200;
  headersSent = false;
  destroyed = false;
  writableEnded = false;
  writableLength = 0;
  req: IncomingMessage;
  #piece: (text: string) => void;
  #ended: (isWhole: boolean) => void;

  constructor(req: IncomingMessage, piece: (text: string) => void, ended: (isWhole: boolean) => void) {
    super();
    this.req = req;
    this.#piece = piece;
    this.#ended = ended;
  }

  writeHead(status: number): this {
    this.statusCode = status;
    this.headersSent = true;
    return this;
  }

  flushHeaders(): void {
    this.headersSent = true;
  }

  /** Nobody here takes nothing: an answer is heard as it comes. */
  setTimeout(): this {
    return this;
  }

  write(piece: string | Uint8Array): boolean {
    if (!this.destroyed) this.#piece(typeof piece === 'string' ? piece : Buffer.from(piece).toString());
    return true;
  }

  end(piece?: string | Uint8Array): void {
    if (piece !== undefined) this.write(piece);
    this.writableEnded = true;
    this.#close(true);
  }

  destroy(): void {
    this.#close(false);
  }

  #close(isWhole: boolean): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.#ended(isWhole);
    this.emit('close');
  }

  asResponse(): ServerResponse {
    return this as unknown as ServerResponse;
  }
}
