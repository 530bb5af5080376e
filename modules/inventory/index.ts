/** The board of inventory: what the host loads. */
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import { board, provide } from "#modules/_kit/board.ts";
import { audit } from "./stock/audit.ts";
import { commit } from "./stock/commit.ts";
import { expire } from "./stock/expire.ts";
import { level } from "./stock/level.ts";
import { movements } from "./stock/movements.ts";
import { open } from "./stock/open.ts";
import { receive } from "./stock/receive.ts";
import { release } from "./stock/release.ts";
import { reserve } from "./stock/reserve.ts";
import { restock } from "./stock/restock.ts";

/** A hold lasts a quarter of an hour: pieces that come back ten seconds late are not missed. */
const EXPIRE_EVERY_MS = 10 * SECOND_MS;

export default board(
  "inventory",
  [provide(Stock, { open, receive, reserve, release, commit, restock, expire, level, movements, audit })],
  [
    {
      name: "expireHolds",
      everyMs: EXPIRE_EVERY_MS,
      component: "Stock",
      verb: "expire",
      input: { limit: 500 },
    },
  ],
);
