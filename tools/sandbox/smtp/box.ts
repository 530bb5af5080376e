import type { CaughtMail } from "./shapes.ts";

export type MailFilter = { to?: string | undefined; subject?: string | undefined };

/** How many came in, and under how many Message-IDs: a repeat by an honest sender bears the one of the first. */
export type MailCounts = { received: number; messageIds: number; repeats: Record<string, number> };

/** What the server is to do with the next mails: first it refuses, then it drops. */
export type MailTrouble = { refuse: number; code: number; drop: number };

export type Box = {
  put(mail: CaughtMail): void;
  list(filter?: MailFilter): readonly CaughtMail[];
  get(mailId: string): CaughtMail | undefined;
  counts(): MailCounts;
  clear(): void;
  trouble: MailTrouble;
};

export const CALM: MailTrouble = { refuse: 0, code: 452, drop: 0 };
// A shop that is seeded and bought at for days must not fill the memory.
const KEPT_MAX = 10_000;

/** Mails of one run, in memory, the oldest first. */
export const openBox = (): Box => {
  let mails: CaughtMail[] = [];
  return {
    put: (mail) => {
      mails = [...mails.slice(-(KEPT_MAX - 1)), mail];
    },
    list: ({ to, subject } = {}) =>
      mails.filter(
        (mail) =>
          (to === undefined || mail.to.some((one) => one.toLowerCase() === to.toLowerCase())) &&
          (subject === undefined || mail.subject.includes(subject)),
      ),
    get: (mailId) => mails.find((mail) => mail.mailId === mailId),
    counts: () => countsOf(mails),
    clear: () => {
      mails = [];
    },
    trouble: { ...CALM },
  };
};

const countsOf = (mails: readonly CaughtMail[]): MailCounts => {
  const byId = Map.groupBy(mails, ({ messageId }) => messageId);
  const counted = [...byId].map(([messageId, { length }]) => [messageId, length] as const);
  return {
    received: mails.length,
    messageIds: byId.size,
    repeats: Object.fromEntries(counted.filter(([, count]) => count > 1)),
  };
};
