/** Where pieces lie, and files that say how many were found. */
import { Import } from "@shopnexus/contracts/inventory/import";
import { Location } from "@shopnexus/contracts/inventory/location";
import { Shelf } from "@shopnexus/contracts/inventory/shelf";
import { provide } from "#modules/_kit/board.ts";
import { apply } from "../import/apply.ts";
import { find } from "../import/find.ts";
import { forget } from "../import/forget.ts";
import { open } from "../import/open.ts";
import { settle } from "../import/settle.ts";
import { stage } from "../import/stage.ts";
import { add } from "../location/add.ts";
import { choose } from "../location/choose.ts";
import { list as listLocations } from "../location/list.ts";
import { adjust } from "../shelf/adjust.ts";
import { correct } from "../shelf/correct.ts";
import { list as listShelves } from "../shelf/list.ts";
import { transfer } from "../shelf/transfer.ts";

export const placing = [
  provide(Location, { add, list: listLocations, choose }),
  provide(Shelf, { list: listShelves, adjust, correct, transfer }),
  provide(Import, { open, stage, apply, settle, find, forget }),
];
