/** How a component gets a picture that stands in a circle: a URL to show, null while this device cannot have it. */
export type LoadPhoto = (photo: string, size: 320 | 'full') => Promise<string | null>;
