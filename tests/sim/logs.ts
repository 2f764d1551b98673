import type { Log } from '#data/log.ts';
import { createLogDisk, createMemoryLog, type LogDisk } from '#data/testing/memory-log.ts';

/** The logs on one device's disk, by circle; each tab opens them anew. */
export type Shelf = { open(circle: string): Log; circles(): Iterable<string> };

export function memoryShelf(): Shelf {
  const disks = new Map<string, LogDisk>();
  return {
    open(circle) {
      const disk = disks.get(circle) ?? createLogDisk();
      disks.set(circle, disk);
      return createMemoryLog(disk);
    },
    circles: () => disks.keys()
  };
}
