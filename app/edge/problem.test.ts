import { Hono } from "hono";
import { CommonRefusals, refuse } from "@shopnexus/contracts/kit/refusal";
import { expect, it } from "vitest";
import { problem } from "./problem.ts";

const answerTo = (error: ReturnType<typeof refuse>) =>
  new Hono().get("/", (c) => problem(c, error.refused)).request("/");

it("the edge says in HTTP's own words when to come again: BUSY", async () => {
  const answer = await answerTo(refuse(CommonRefusals.BUSY, { retryAfterMs: 1_200 }));
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "2"]);
  expect(await answer.json()).toMatchObject({ code: "BUSY", data: { retryAfterMs: 1_200 } });
});

it("the edge names no time where coming again changes nothing", async () => {
  const answer = await answerTo(refuse(CommonRefusals.NOT_FOUND, {}));
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([404, null]);
});
