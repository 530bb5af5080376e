/** The board of catalog: what the host loads. */
import { Category } from "@shopnexus/contracts/catalog/category";
import { Listing } from "@shopnexus/contracts/catalog/listing";
import { board, provide } from "#modules/_kit/board.ts";
import { list } from "./category/list.ts";
import { put } from "./category/put.ts";
import { browse } from "./listing/browse.ts";
import { draft } from "./listing/draft.ts";
import { hide } from "./listing/hide.ts";
import { publish } from "./listing/publish.ts";
import { read } from "./listing/read.ts";
import { record } from "./listing/record.ts";
import { reprice } from "./listing/reprice.ts";
import { snapshot } from "./listing/snapshot.ts";

export default board("catalog", [
  provide(Category, { put, list }),
  provide(Listing, { draft, record, publish, hide, reprice, read, browse, snapshot }),
]);
