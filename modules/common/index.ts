/** The board of common: what the host loads. */
import { Exchange } from "@shopnexus/contracts/common/exchange";
import { Feed } from "@shopnexus/contracts/common/feed";
import { Mail } from "@shopnexus/contracts/common/mail";
import { MINUTE_MS } from "@shopnexus/contracts/kit/time";
import { board, provide } from "#modules/_kit/board.ts";
import { freeze } from "./exchange/freeze.ts";
import { rates } from "./exchange/rates.ts";
import { refresh } from "./exchange/refresh.ts";
import { append } from "./feed/append.ts";
import { read } from "./feed/read.ts";
import { deliver } from "./mail/deliver.ts";
import { find } from "./mail/find.ts";
import { post } from "./mail/post.ts";

/** The first time at the start. Rates move slowly, and may be a day old: nobody misses one. */
const REFRESH_EVERY_MS = 10 * MINUTE_MS;

export default board(
  "common",
  [
    provide(Feed, { append, read }),
    provide(Exchange, { freeze, rates, refresh }),
    provide(Mail, { post, deliver, find }),
  ],
  [{ name: "refreshRates", everyMs: REFRESH_EVERY_MS, component: "Exchange", verb: "refresh", input: {} }],
);
