/** One seller's shelves, and what an ask does there. A fault is weather: whoever asked asks again. */
import { freshId } from "@shopnexus/contracts/kit/id";
import { RefusalError } from "@shopnexus/contracts/kit/refusal";
import type { Db } from "#db/_kit/database.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import type { StepScene } from "#modules/_kit/handler.ts";
import type { Principal } from "#modules/_kit/principal.ts";
import { add as addPlace } from "../../../location/add.ts";
import { list as listPlaces } from "../../../location/list.ts";
import { add } from "../../../serial/add.ts";
import { mark } from "../../../serial/mark.ts";
import { putBack } from "../../../serial/put-back.ts";
import { ship } from "../../../serial/ship.ts";
import { take } from "../../../serial/take.ts";
import { correct } from "../../../shelf/correct.ts";
import { transfer } from "../../../shelf/transfer.ts";
import { configure } from "../../../supply/configure.ts";
import { book } from "../../book.ts";
import { commit } from "../../commit.ts";
import { expire } from "../../expire.ts";
import { open } from "../../open.ts";
import { release } from "../../release.ts";
import { reserve } from "../../reserve.ts";
import { restock } from "../../restock.ts";
import { unsell } from "../../unsell.ts";
import { type Answer, type Ask, NUMBERED, piecesOf, serialsOf, SKU_COUNT } from "./asks.ts";

export type World = { readonly sellerId: string; readonly skuIds: string[]; readonly locationIds: string[] };

const sceneOf = (db: Db, who: Principal) => ({ db, who }) as StepScene;
const asOrder = (db: Db) => sceneOf(db, { kind: "module", module: "order" });
const asSeller = (db: Db, { sellerId }: World) =>
  sceneOf(db, { kind: "account", accountId: sellerId, sessionId: "none", roles: ["account", "seller"] });

export const openWorld = async (db: Db): Promise<World> => {
  const world = { sellerId: freshId("acc"), skuIds: Array.from({ length: SKU_COUNT }, () => freshId("sku")) };
  const seller = asSeller(db, { ...world, locationIds: [] });
  await open(world, asOrder(db));
  await addPlace({ name: "Second" }, seller);
  for (const at of world.skuIds.keys())
    await keepBack(db, { ...world, locationIds: [] }, { stock: at, kept: 0 });
  const { locations } = await listPlaces({}, seller);
  return { ...world, locationIds: locations.map(({ locationId }) => locationId) };
};

const keepBack = async (
  db: Db,
  world: World,
  { stock, kept: safetyStock }: { readonly stock: number; readonly kept: number },
): Promise<void> => {
  const plain = { backorder: false, reorderPoint: null, supplierEmail: null, safetyStock };
  const [skuId, serials] = [world.skuIds[stock] ?? "", NUMBERED[stock] === true];
  await configure({ skuId, serials, ...plain }, asSeller(db, world));
};

export const holdIdOf = ({ sellerId }: World, hold: number): string =>
  deriveId("hld", sellerId, String(hold));
export const lineIdOf = ({ sellerId }: World, hold: number, sku: number): string =>
  deriveId("lin", sellerId, String(hold), String(sku));

/** Does what is asked, and says what came of it; a refusal is an answer. */
export const perform = async (db: Db, world: World, ask: Ask): Promise<Answer> => {
  try {
    return await act(db, world, ask);
  } catch (error) {
    if (error instanceof RefusalError) return { code: error.code };
    throw error;
  }
};

const OK: Answer = { code: "ok" };

const act = async (db: Db, world: World, ask: Ask): Promise<Answer> => {
  if (ask.verb === "keepBack") {
    await keepBack(db, world, ask);
    return OK;
  }
  if ("delta" in ask || "pieces" in ask || "serial" in ask) return moveShelf(db, world, ask);
  if ("sku" in ask) return moveLine(db, world, ask);
  const [holdId, order] = [holdIdOf(world, ask.hold), asOrder(db)];
  if (ask.verb === "expire") return lapse(db, holdId);
  const lines = piecesOf(ask.hold).flatMap((pieces, at) =>
    pieces > 0 ? [{ skuId: world.skuIds[at] ?? "", pieces }] : [],
  );
  if (ask.verb === "reserve") await reserve({ holdId, lines }, order);
  else await { commit, release, restock }[ask.verb]({ holdId }, order);
  return OK;
};

/** Its time is over; it is not asked for again before a sweep has it, be that another one's, which may be killed. */
const lapse = async (db: Db, holdId: string): Promise<Answer> => {
  const sql = db.$client;
  for (;;) {
    const due = await sql`
      update inventory.hold set expires_at = now() - interval '1 s' where hold_id = ${holdId} and state = 'held'`;
    if (due.count === 0) return OK;
    await expire({ limit: 100 }, asOrder(db));
  }
};

const moveLine = async (
  db: Db,
  world: World,
  { verb, hold, sku }: Extract<Ask, { verb: "take" | "ship" | "putBack" | "takeBack" | "restore" }>,
): Promise<Answer> => {
  const [order, lineId, skuId] = [asOrder(db), lineIdOf(world, hold, sku), world.skuIds[sku] ?? ""];
  const pieces = piecesOf(hold)[sku] ?? 0;
  if (verb === "take") return { ...OK, ...(await take({ lineId, skuId, pieces }, order)) };
  if (verb === "ship") await ship({ lineIds: [lineId] }, order);
  if (verb === "takeBack") await unsell({ reference: lineId, lines: [{ lineId, skuId, pieces }] }, order);
  if (verb === "takeBack" || verb === "putBack") await putBack({ lineId }, order);
  if (verb === "restore") {
    const serials = await listReturned(db, skuId, lineId);
    if (serials.length > 0) await mark({ skuId, serials, verdict: "restore" }, asSeller(db, world));
  }
  return OK;
};

/** The numbers that a line brought back and that wait for their seller's word. */
const listReturned = async (db: Db, skuId: string, lineId: string): Promise<string[]> => {
  const rows = await db.$client<{ serial: string }[]>`
    select serial from inventory.serial
    where sku_id = ${skuId} and state = 'returned' and ${lineId} = (
      select event.line_id from inventory.serial_event as event
      where event.sku_id = serial.sku_id and event.serial = serial.serial order by event.position desc limit 1
    )`;
  return rows.map(({ serial }) => serial);
};

type OfShelf = Extract<Ask, { verb: "receive" | "correct" | "transfer" | "writeOff" }>;

/** Where pieces are numbered, their numbers come and go with them. */
const moveShelf = async (db: Db, world: World, ask: OfShelf): Promise<Answer> => {
  const { sellerId, skuIds, locationIds } = world;
  const [skuId, locationId, seller] = [
    skuIds[ask.sku] ?? "",
    locationIds[ask.place] ?? "",
    asSeller(db, world),
  ];
  const isNumbered = NUMBERED[ask.sku] === true;
  if (ask.verb === "receive") {
    await book({ sellerId, receiptId: ask.key, skuId, pieces: ask.pieces, locationId }, seller);
    const serials = serialsOf(`r${ask.key}`, ask.pieces);
    if (isNumbered) await add({ skuId, serials, receiptId: ask.key }, seller);
  }
  if (ask.verb === "correct") {
    const adjustment = { sellerId, adjustmentId: ask.key, skuId, locationId, cause: "correction" as const };
    await correct({ ...adjustment, delta: ask.delta }, seller);
    if (isNumbered) await add({ skuId, serials: serialsOf(`a${ask.key}`, ask.delta) }, seller);
  }
  if (ask.verb === "transfer") {
    const toId = locationIds.find((one) => one !== locationId) ?? "";
    await transfer({ transferId: ask.key, skuId, fromId: locationId, toId, pieces: ask.pieces }, seller);
  }
  if (ask.verb === "writeOff") await writeOff(db, world, { ...ask, skuId, locationId });
  return OK;
};

/** Nobody takes the number from here on; then its piece goes, and the number with it, or both stay. */
const writeOff = async (
  db: Db,
  world: World,
  { serial, skuId, locationId }: { serial: string; skuId: string; locationId: string },
): Promise<void> => {
  const seller = asSeller(db, world);
  const say = (verdict: "damage" | "void" | "restore") => mark({ skuId, serials: [serial], verdict }, seller);
  await say("damage");
  const adjustment = { sellerId: world.sellerId, adjustmentId: `w${serial}`, skuId, locationId };
  try {
    await correct({ ...adjustment, delta: -1, cause: "damaged" }, seller);
  } catch (error) {
    if (error instanceof RefusalError) await say("restore");
    throw error;
  }
  await say("void");
};
