import { DatabaseSync } from "node:sqlite";

/** Where the shelves are kept between runs. */
export type Store = {
  load(kind: string): unknown[];
  save(kind: string, place: number, item: object): void;
  wipe(): void;
  close(): void;
};

// Writing behind keeps sqlite off the request path; a kill can lose what this last moment changed.
const FLUSH_AFTER_MS = 50;

/** Memory only: nothing outlives the process. */
export const noStore: Store = { load: () => [], save: () => {}, wipe: () => {}, close: () => {} };

/** A sqlite file, written behind in batches. */
export const openStore = (file: string): Store => {
  if (file === ":memory:") return noStore;
  const database = openDatabase(file);
  const insert = database.prepare("insert or replace into records (kind, place, body) values (?, ?, ?)");
  const dirty = new Map<string, { kind: string; place: number; item: object }>();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (dirty.size === 0) return;
    database.exec("begin");
    for (const { kind, place, item } of dirty.values()) insert.run(kind, place, JSON.stringify(item));
    database.exec("commit");
    dirty.clear();
  };

  return {
    load: (kind) => readAll(database, kind),
    save: (kind, place, item) => {
      // A slow request or a webhook's answer can come in after the end.
      if (isClosed) return;
      dirty.set(`${kind}:${place}`, { kind, place, item });
      timer ??= setTimeout(flush, FLUSH_AFTER_MS);
    },
    wipe: () => {
      dirty.clear();
      database.exec("delete from records");
    },
    close: () => {
      flush();
      isClosed = true;
      database.close();
    },
  };
};

const openDatabase = (file: string): DatabaseSync => {
  const database = new DatabaseSync(file);
  database.exec("pragma journal_mode = wal; pragma synchronous = normal");
  database.exec(
    "create table if not exists records (kind text, place integer, body text not null, primary key (kind, place))",
  );
  return database;
};

const readAll = (database: DatabaseSync, kind: string): unknown[] => {
  const rows = database.prepare("select body from records where kind = ? order by place").all(kind);
  return rows.map((row) => JSON.parse(String(row["body"])) as unknown);
};
