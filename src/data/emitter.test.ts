import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import Emitter from './emitter.ts';

type Some = Pick<EventEmitter, 'on' | 'once' | 'emit' | 'removeListener' | 'removeAllListeners' | 'listenerCount'>;

describe.each([
  ['ours', () => new Emitter() as unknown as Some],
  ['ours, made without its constructor as PouchDB does', () => Object.create(Emitter.prototype) as Some],
  ['Node’s', () => new EventEmitter() as Some]
])('an emitter, %s', (_, make) => {
  function heard() {
    const emitter = make();
    const said: string[] = [];
    const hear = (name: string) => (text: string) => said.push(`${name} ${text}`);
    return { emitter, said, hear };
  }

  it('tells everybody in the order in which they came, and whether anybody heard', () => {
    const { emitter, said, hear } = heard();
    emitter.on('change', hear('Lin')).on('change', hear('Mei'));
    expect(emitter.emit('change', 'lamp')).toBe(true);
    expect(emitter.emit('other', 'lamp')).toBe(false);
    expect(said).toEqual(['Lin lamp', 'Mei lamp']);
  });

  it('tells once whoever asked for once, and forgets by the listener that was given', () => {
    const { emitter, said, hear } = heard();
    const fang = hear('Fang');
    emitter.once('change', hear('Lin')).once('change', fang).removeListener('change', fang);
    emitter.emit('change', 'lamp');
    emitter.emit('change', 'mug');
    expect(said).toEqual(['Lin lamp']);
    expect(emitter.listenerCount('change')).toBe(0);
  });

  it('goes on with those that stood when one of them takes another away', () => {
    const { emitter, said, hear } = heard();
    const mei = hear('Mei');
    emitter.on('change', () => emitter.removeListener('change', mei)).on('change', mei);
    emitter.emit('change', 'lamp');
    emitter.emit('change', 'mug');
    expect(said).toEqual(['Mei lamp']);
  });

  it('throws an error that nobody hears, and no other event', () => {
    const { emitter } = heard();
    expect(() => emitter.emit('error', new Error('full'))).toThrow('full');
    emitter.on('error', () => undefined).on('change', () => undefined);
    expect(emitter.emit('error', new Error('full'))).toBe(true);
    emitter.removeAllListeners('change');
    expect(emitter.emit('change')).toBe(false);
    emitter.removeAllListeners();
    expect(() => emitter.emit('error', new Error('full'))).toThrow('full');
  });
});

it('can be listened to on a constructor that was given its methods, as PouchDB does', () => {
  const emitter = new Emitter();
  const names = Object.keys(Emitter.prototype) as (keyof Emitter)[];
  const given = Object.fromEntries(
    names.map((name) => [name, emitter[name].bind(emitter as never)])
  ) as unknown as Some;
  const said: unknown[] = [];
  given.on('ref', (name: unknown) => said.push(name));
  given.emit('ref', 'log');
  expect(said).toEqual(['log']);
});
