import { IDBKeyRange, indexedDB } from 'fake-indexeddb';
import memory from 'pouchdb-adapter-memory';
import PouchDB from 'pouchdb';
import { createPouchLog, type PouchConstructor } from '../pouch-log.ts';
import type { Log } from '../log.ts';
import { openDeviceStore, type DeviceStore } from '../device-store.ts';
import { openReadModel, type ReadModel } from '../read-model.ts';

PouchDB.plugin(memory as never);

/** PouchDB with the adapter `memory` beside its own. */
export const Pouch = PouchDB as unknown as PouchConstructor;

let number = 0;

/** A name that no other test of this process has. */
export const freshName = (what: string): string => `${what}-${++number}`;

export const memoryLog = (name = freshName('log')): Log => createPouchLog(Pouch, name, { adapter: 'memory' });
export const memoryModel = (name = freshName('read')): ReadModel => openReadModel(name, { indexedDB, IDBKeyRange });
export const memoryStore = (name = freshName('device')): DeviceStore =>
  openDeviceStore(name, { indexedDB, IDBKeyRange });
