/** A mail server that keeps what it gets, to be looked at. */
import { z } from "zod";
import type { App, Part } from "../parts.ts";
import { bodyAs, JsonRefusal, jsonRoutes, read } from "../wire/json.ts";
import type { World } from "../world.ts";
import { type Box, CALM, type MailCounts, type MailFilter, openBox } from "./box.ts";
import { mailPage, mailsPage } from "./pages.ts";
import { type Listening, listenSmtp } from "./server.ts";
import type { CaughtMail } from "./shapes.ts";

export type MailOptions = {
  /** 0, or nothing, takes a free one. */
  port?: number | undefined;
  hostname?: string | undefined;
};

export type SandboxMail = {
  /** `smtp://host:port`, without a name or a password. */
  readonly url: string;
  readonly port: number;
  /** Where people read what came in. */
  readonly pageUrl: string;
  /** Oldest first; `to` is a whole address of the envelope, `subject` a part of the subject. */
  list(filter?: MailFilter): readonly CaughtMail[];
  counts(): MailCounts;
  /** The next so many mails are refused when they have been sent: 452 is for now, 550 for good. */
  refuseNext(count: number, code?: number): void;
  /** The next so many mails are kept, and the connection drops before the sender hears of it. */
  dropNext(count: number): void;
  /** Forgets what came in, and what was to be refused or dropped. */
  clear(): void;
};

export const openMail = (world: World, options: MailOptions = {}): { mail: SandboxMail; part: Part } => {
  const hostname = options.hostname ?? "127.0.0.1";
  const box = openBox();
  let listening: Listening | undefined;
  const port = () => listening?.port ?? 0;
  const mail = leversOf(box, {
    port,
    url: () => `smtp://${hostname === "0.0.0.0" ? "127.0.0.1" : hostname}:${port()}`,
    pageUrl: () => `${world.url}/mails`,
  });
  const part: Part = {
    name: "mail",
    mount: (app) => mountMail(app, box, mail),
    start: async () => {
      listening = await listenSmtp({ port: options.port ?? 0, hostname, box, now: world.now });
    },
    reset: mail.clear,
    totals: () => ({ ...mail.counts(), url: mail.url }),
    stop: () => listening?.stop(),
  };
  return { mail, part };
};

type Places = { port(): number; url(): string; pageUrl(): string };

const leversOf = (box: Box, places: Places): SandboxMail => ({
  get url() {
    return places.url();
  },
  get port() {
    return places.port();
  },
  get pageUrl() {
    return places.pageUrl();
  },
  list: box.list,
  counts: box.counts,
  refuseNext: (refuse, code = CALM.code) => {
    box.trouble = { ...box.trouble, refuse, code };
  },
  dropNext: (drop) => {
    box.trouble = { ...box.trouble, drop };
  },
  clear: () => {
    box.clear();
    box.trouble = { ...CALM };
  },
});

const count = z.int().min(0).max(1_000_000);
const trouble = z.strictObject({
  refuse: count.optional(),
  code: z.int().min(400).max(599).optional(),
  drop: count.optional(),
});
const filter = z.strictObject({ to: z.string().optional(), subject: z.string().optional() });

const mountMail = (app: App, box: Box, mail: SandboxMail): void => {
  const routes = jsonRoutes();
  routes.get("/mails", (c) => c.html(mailsPage(box.list().toReversed())));
  routes.get("/mails/:id", (c) => c.html(mailPage(mailOf(box, c.req.param("id")))));
  routes.get("/mails/:id/attachments/:place", (c) => {
    const found = mailOf(box, c.req.param("id")).attachments[Number(c.req.param("place"))];
    if (found === undefined) throw new JsonRefusal(404, "unknown_attachment", "There is no such attachment.");
    return c.body(new Uint8Array(found.content), 200, { "content-type": found.mimeType });
  });
  routes.get("/sandbox/mails", (c) =>
    c.json({ mails: mail.list(read(filter, c.req.query())).map(viewOf), ...mail.counts() }),
  );
  routes.delete("/sandbox/mails", (c) => {
    mail.clear();
    return c.json(mail.counts());
  });
  routes.get("/sandbox/mails/faults", (c) => c.json(box.trouble));
  routes.post("/sandbox/mails/faults", async (c) => {
    const { refuse, code, drop } = await bodyAs(c, trouble);
    if (refuse !== undefined || code !== undefined) mail.refuseNext(refuse ?? box.trouble.refuse, code);
    if (drop !== undefined) mail.dropNext(drop);
    return c.json(box.trouble);
  });
  app.route("/", routes);
};

const mailOf = (box: Box, mailId: string): CaughtMail => {
  const found = box.get(mailId);
  if (found === undefined) throw new JsonRefusal(404, "unknown_mail", `There is no mail ${mailId}.`);
  return found;
};

/** What a list shows: of attachments their size; they are fetched one by one. */
const viewOf = (mail: CaughtMail) => ({
  ...mail,
  attachments: mail.attachments.map(({ filename, mimeType, content }, place) => ({
    filename,
    mimeType,
    bytes: content.length,
    path: `/mails/${mail.mailId}/attachments/${place}`,
  })),
});
