const channel = 'bench-arrivals';

declare global {
  interface Window {
    /** The moment at which this title was first painted, on the system's clock. */
    shownAt(title: string): Promise<number>;
  }
}

/** In a worker: something arrived that a screen would show. */
export function tellArrivals(): (title: string) => void {
  const screen = new BroadcastChannel(channel);
  return (title) => screen.postMessage(title);
}

/** In a page: paints what its workers tell, as plainly as can be. */
export function showArrivals(): void {
  const shown = new Map<string, PromiseWithResolvers<number>>();
  const momentOf = (title: string) => {
    const moment = shown.get(title) ?? Promise.withResolvers<number>();
    shown.set(title, moment);
    return moment;
  };
  window.shownAt = (title) => momentOf(title).promise;
  new BroadcastChannel(channel).onmessage = ({ data }: MessageEvent<string>) => {
    const line = document.createElement('p');
    line.textContent = data;
    document.body.append(line);
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => momentOf(data).resolve(performance.timeOrigin + performance.now());
      port2.postMessage(null);
    });
  };
}
