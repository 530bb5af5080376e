import type { Store } from "./store.ts";

/** Objects of one kind, in the order they were first put. An object is never changed in place: a new version is
 *  put over the old one, so events and replies can hold the version they saw without copying it. */
export type Shelf<T> = {
  put(item: T): void;
  get(id: string): T | undefined;
  placeOf(id: string): number | undefined;
  all(): readonly T[];
  clear(): void;
};

export const openShelf = <T extends { id: string }>(kind: string, store: Store): Shelf<T> => {
  const items = store.load(kind) as T[];
  const places = new Map(items.map((item, place) => [item.id, place]));
  return {
    put: (item) => {
      const place = places.get(item.id) ?? items.length;
      if (place === items.length) places.set(item.id, place);
      items[place] = item;
      store.save(kind, place, item);
    },
    get: (id) => {
      const place = places.get(id);
      return place === undefined ? undefined : items[place];
    },
    placeOf: (id) => places.get(id),
    all: () => items,
    clear: () => {
      items.length = 0;
      places.clear();
    },
  };
};
