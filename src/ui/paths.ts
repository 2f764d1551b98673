/** Paths of a circle's screens. A record id stands in them as it is: its colons need no encoding. */
export const shelfPath = (circle: string) => `/c/${circle}`;
export const postPath = (circle: string) => `/c/${circle}/post`;
export const listingPath = (circle: string, id: string) => `/c/${circle}/listing/${id}`;
export const editPath = (circle: string, id: string) => `/c/${circle}/listing/${id}/edit`;
