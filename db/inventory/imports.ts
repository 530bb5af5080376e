/** Inventory's memory of files: what has arrived of one, and what was wrong with it. */
import { sql } from "drizzle-orm";
import { boolean, check, foreignKey, index, integer, primaryKey, text } from "drizzle-orm/pg-core";
import { ImportKind, ImportProblem, ImportState } from "@shopnexus/contracts/inventory/import";
import { at, id, oneOf } from "../_kit/columns.ts";
import { inventory } from "./tables.ts";

export const importFile = inventory.table(
  "import_file",
  {
    importId: id("imp", "import_id").primaryKey(),
    sellerId: id("acc", "seller_id").notNull(),
    locationId: id("loc", "location_id"),
    kind: text("kind").notNull(),
    state: text("state").notNull().default("open"),
    /** Of the file that ended it: the same one again is answered the same. */
    digest: text("digest"),
    rowCount: integer("row_count").notNull().default(0),
    changedCount: integer("changed_count").notNull().default(0),
    problemCount: integer("problem_count").notNull().default(0),
    openedAt: at("opened_at").notNull().defaultNow(),
    endedAt: at("ended_at"),
  },
  (row) => [
    check("import_kind_known", oneOf(row.kind, ImportKind.options)),
    check("import_state_known", oneOf(row.state, ImportState.options)),
    check("import_counted_somewhere", sql`(${row.kind} = 'stocktake') = (${row.locationId} is not null)`),
    check(
      "import_ended_by_a_file",
      sql`(${row.state} in ('applied', 'refused')) = (${row.digest} is not null)`,
    ),
    index("import_unfinished").on(row.openedAt).where(sql`${row.state} = 'open'`),
  ],
);

/** Rows of a file that is still arriving; they are gone once it has ended. */
export const importRow = inventory.table(
  "import_row",
  {
    importId: id("imp", "import_id").notNull(),
    /** Of one sending: two of them do not mix. */
    uploadId: text("upload_id").notNull(),
    line: integer("line").notNull(),
    sku: text("sku").notNull(),
    value: text("value").notNull(),
    isMalformed: boolean("is_malformed").notNull(),
  },
  (row) => [
    primaryKey({ name: "import_row_once_a_line", columns: [row.importId, row.uploadId, row.line] }),
    foreignKey({
      name: "import_row_of_a_file",
      columns: [row.importId],
      foreignColumns: [importFile.importId],
    }),
  ],
);

/** The first bad rows of a file. */
export const importProblem = inventory.table(
  "import_problem",
  {
    importId: id("imp", "import_id").notNull(),
    line: integer("line").notNull(),
    problem: text("problem").notNull(),
  },
  (row) => [
    primaryKey({ name: "import_problem_once_a_line", columns: [row.importId, row.line] }),
    foreignKey({
      name: "import_problem_of_a_file",
      columns: [row.importId],
      foreignColumns: [importFile.importId],
    }),
    check("import_problem_known", oneOf(row.problem, ImportProblem.options)),
  ],
);
