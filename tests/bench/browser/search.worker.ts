// B3: fills the tables that the shipped search worker reads.
import { readModelName } from '#data/names.ts';
import { openReadModel } from '#data/read-model.ts';
import { circleRecords, fillReadModel } from './fill.ts';
import { expose } from './rpc.ts';

expose({
  async fill(account: string, circle: string, seed: number, count: number) {
    const model = openReadModel(readModelName(account));
    await fillReadModel(model, circle, circleRecords(seed, count));
    model.close();
  }
});
