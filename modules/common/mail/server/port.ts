/** Who takes our mails. */
export type Outgoing = {
  /** The same in every attempt: whoever gets the mail twice has it once. */
  readonly messageId: string;
  readonly to: { readonly email: string; readonly name: string | null };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
};

/** `refused` is for ever. `deferred` is for now: it refused for now, or it was not to be reached. */
export type Outcome =
  | { readonly state: "sent" }
  | { readonly state: "refused" | "deferred"; readonly reason: string };

export type MailServer = { send(mail: Outgoing): Promise<Outcome> };
