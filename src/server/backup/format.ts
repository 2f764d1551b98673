/*
 * A backup is one gzip file of JSON, an object a line: it streams in both directions, `zcat` shows it to anybody, and gzip undoes what
 * base64 adds to pictures. A header, then sections (a database each, the pictures), each closed by its counts and the SHA-256 of
 * its lines, then a manifest that names every section: a section that is missing shows as well as one that was changed.
 */

export const formatName = 'jujube-backup';
/** Raised when an older hub could not read what a newer one writes; what is only added does not raise it. */
export const formatVersion = 1;

export type Header = { format: typeof formatName; version: number; hub: string; createdAt: string };

/** The name of the section that holds the pictures; a database is called by its own name. */
export const picturesSection = 'pictures';

/** A leaf revision of a document with its `_revisions`, tombstones too. */
export type Doc = { _id: string; _rev: string; [field: string]: unknown };
/** A `_local` document; its id is without `_local/`. */
export type Local = { id: string; fields: Record<string, unknown> };
/** A picture as `photos.ts` keeps it; the file's name begins with its SHA-256. */
export type Picture = { circle: string; file: string; bytes: string };

export type Tally = { section: string; docs: number; locals: number; pictures: number; sha256: string };

export type Line =
  | Header
  | { begin: string }
  | { doc: Doc }
  | { local: Local }
  | { picture: Picture }
  | { end: Tally }
  | { manifest: Tally[]; sha256: string };

/** A backup that cannot be trusted: the sentence names the first fault. */
export class BackupFault extends Error {}

/** gzip's header as it is written here: no flags, no time, no system, so that a changed byte shows in it too. */
export const gzipHeader = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
