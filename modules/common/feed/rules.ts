/** Where a reader of the feed is: the place of the last event seen. */
export type Place = { readonly writtenIn: string; readonly position: string };

/** Eighteen digits fit the columns; a feed never gets there. */
const CURSOR = /^(\d{1,18})-(\d{1,18})$/;

export const cursorOf = ({ writtenIn, position }: { writtenIn: string; position: number }): string =>
  `${writtenIn}-${position}`;

/** Undefined: not a cursor of ours. */
export const placeOf = (cursor: string): Place | undefined => {
  const [, writtenIn, position] = CURSOR.exec(cursor) ?? [];
  return writtenIn === undefined || position === undefined ? undefined : { writtenIn, position };
};

/** Before every event. */
export const BEGINNING: Place = { writtenIn: "0", position: "0" };
