/** A system that takes our messages. */
export type Message = {
  /** The same in every attempt: who gets it twice has it once. */
  readonly messageId: string;
  /** JSON. */
  readonly body: string;
};

/** `refused` is for ever. `deferred` is for now: it refused for now, or it was not to be reached. */
export type Outcome =
  | { readonly state: "delivered" }
  | { readonly state: "refused" | "deferred"; readonly reason: string };

export type Receiver = { send(message: Message): Promise<Outcome> };
