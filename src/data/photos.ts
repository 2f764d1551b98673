/** Takes a picture in: re-encoded to JPEG without EXIF, stored here, announced as my `photo` record, uploaded in the background. */
export async function addPhoto(circle: string, file: Blob): Promise<string> {
  void [circle, file];
  throw new Error('not open');
}

/** A blob: URL of a picture from this device's store, fetched when needed; null when it cannot be had now. */
export async function photoUrl(circle: string, photoId: string, size: 320 | 'full'): Promise<string | null> {
  void [circle, photoId, size];
  return null;
}
