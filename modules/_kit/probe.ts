/** A probe makes a saga stumble where a proof wants it to. Only tests hand one to the host. */
export type Probe = {
  /** Refuses before or after the do of this pair. */
  readonly failAt?: { readonly pair: string; readonly when: "before" | "after" };
  /** Breaks down once before or after this pair, as a process does that is killed there; the journal retries it. */
  readonly faultOnce?: { readonly pair: string; readonly when: "before" | "after"; spent?: boolean };
  /** Runs every do twice. */
  readonly repeatDo?: boolean;
  /** Runs every undo twice. */
  readonly repeatUndo?: boolean;
  /** Runs the undo of this pair before its do. */
  readonly undoFirst?: string;
  /** Told of every pair that begins: how a proof learns a saga's pairs in their order. */
  readonly onPair?: (pair: string) => void;
};

/** The probe for the run of this key, if there is one. */
export type ProbeOf = (key: string | undefined) => Probe | undefined;
