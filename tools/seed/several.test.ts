import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { severalAtOnce } from "./several.ts";

it("severalAtOnce: sixteen at a time, results in the order asked", async () => {
  let running = 0;
  let most = 0;
  const doubled = await severalAtOnce([...Array(100).keys()], async (item) => {
    most = Math.max(most, ++running);
    await setImmediate();
    running -= 1;
    return item * 2;
  });
  expect(most).toBe(16);
  expect(doubled).toEqual([...Array(100).keys()].map((item) => item * 2));
});

it("severalAtOnce: after a failure nothing new is begun", async () => {
  let begun = 0;
  const failing = severalAtOnce([...Array(100).keys()], async () => {
    begun += 1;
    await setImmediate();
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect(begun).toBe(16);
});
