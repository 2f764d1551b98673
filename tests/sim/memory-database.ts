import { winnerOf, type Documents, type Revision, type Tree } from '../../src/data/testing/documents.ts';
import type { Doc } from '../../src/data/log.ts';

export type StoredDatabase = { instance: string; documents: Documents; locals: Map<string, Doc> };

/** What CouchDB answers when it does not do what it was asked. */
export class Fault extends Error {
  readonly status: number;
  readonly error: string;
  constructor(status: number, error: string, reason: string) {
    super(reason);
    this.status = status;
    this.error = error;
  }
}

export const missing = (reason = 'missing') => new Fault(404, 'not_found', reason);

export type Json = Record<string, unknown>;

export type Answered = [status: number, text: string, headers?: Record<string, string>];

export const json = (status: number, body: unknown, headers?: Record<string, string>): Answered => [
  status,
  JSON.stringify(body),
  headers
];

/** Where a database stands, as CouchDB writes a sequence: it means something to this database alone. */
export const seqOf = ({ documents, instance }: Pick<StoredDatabase, 'documents' | 'instance'>) =>
  `${documents.last()}-${instance}`;

/** A document that is there, or the 404 that CouchDB gives. */
export function living({ documents }: StoredDatabase, id: string): { tree: Tree; winner: Revision } {
  const tree = documents.tree(id);
  if (!tree) throw missing();
  const winner = winnerOf(tree);
  if (winner.isDeleted) throw missing('deleted');
  return { tree, winner };
}
