/** The board of inventory: what the host loads. */
import { Backorder } from "@shopnexus/contracts/inventory/backorder";
import { Serial } from "@shopnexus/contracts/inventory/serial";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { Supply } from "@shopnexus/contracts/inventory/supply";
import { HOUR_MS, SECOND_MS } from "@shopnexus/contracts/kit/time";
import { board, provide } from "#modules/_kit/board.ts";
import { dropClocks, dropping } from "./_board/dropping.ts";
import { placing } from "./_board/placing.ts";
import { supplying } from "./_board/supplying.ts";
import { admit } from "./backorder/admit.ts";
import { allot } from "./backorder/allot.ts";
import { enqueue } from "./backorder/enqueue.ts";
import { serve } from "./backorder/serve.ts";
import { add } from "./serial/add.ts";
import { list } from "./serial/list.ts";
import { mark } from "./serial/mark.ts";
import { ofLines } from "./serial/of-lines.ts";
import { putBack } from "./serial/put-back.ts";
import { ship } from "./serial/ship.ts";
import { take } from "./serial/take.ts";
import { trace } from "./serial/trace.ts";
import { audit } from "./stock/audit.ts";
import { book } from "./stock/book.ts";
import { commit } from "./stock/commit.ts";
import { expire } from "./stock/expire.ts";
import { level } from "./stock/level.ts";
import { movements } from "./stock/movements.ts";
import { open } from "./stock/open.ts";
import { receive } from "./stock/receive.ts";
import { release } from "./stock/release.ts";
import { reserve } from "./stock/reserve.ts";
import { restock } from "./stock/restock.ts";
import { unsell } from "./stock/unsell.ts";
import { availability } from "./supply/availability.ts";
import { configure } from "./supply/configure.ts";
import { notice } from "./supply/notice.ts";
import { settings } from "./supply/settings.ts";
import { watch } from "./supply/watch.ts";

/** A hold lasts a quarter of an hour: pieces that come back ten seconds late are not missed. */
const EXPIRE_EVERY_MS = 10 * SECOND_MS;
export default board(
  "inventory",
  [
    provide(Stock, {
      open,
      receive,
      book,
      reserve,
      release,
      commit,
      restock,
      unsell,
      expire,
      level,
      movements,
      audit,
    }),
    provide(Backorder, { admit, allot, enqueue, serve }),
    provide(Serial, { add, list, take, putBack, ship, mark, trace, ofLines }),
    provide(Supply, { configure, settings, availability, watch, notice }),
    ...dropping,
    ...placing,
    ...supplying,
  ],
  [
    {
      name: "expireHolds",
      everyMs: EXPIRE_EVERY_MS,
      component: "Stock",
      verb: "expire",
      input: { limit: 500 },
    },
    ...dropClocks,
    { name: "forgetImports", everyMs: HOUR_MS, component: "Import", verb: "forget", input: { limit: 500 } },
  ],
);
