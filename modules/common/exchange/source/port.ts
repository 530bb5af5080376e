/** Where exchange rates come from. */
export type Snapshot = {
  readonly base: string;
  /** By currency, what one unit of the base is worth in it: a decimal. */
  readonly rates: Readonly<Record<string, string>>;
  readonly takenAt: string;
};

export type Source = {
  /** The newest rates there are; an outage, and an answer that cannot be read, is a fault. */
  latest(base: string): Promise<Snapshot>;
};
