/** The common module: the feed of what happened. */
import { Feed } from "@shopnexus/contracts/common/feed";
import { board, provide } from "#modules/_kit/board.ts";
import { append } from "./feed/append.ts";
import { read } from "./feed/read.ts";

export default board("common", [provide(Feed, { append, read })]);
