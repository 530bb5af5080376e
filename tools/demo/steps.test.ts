import { expect, it } from "vitest";
import { stepTimes } from "./steps.ts";

const at = (ms: number) => new Date(ms).toISOString();
const begun = (id: number, name: string, ms: number) => ({
  entry_type: "Command: Run",
  name,
  entry_lite_json: JSON.stringify({ Command: { Run: { completion_id: id, name } } }),
  appended_at: at(ms),
});
const ended = (id: number, ms: number) => ({
  entry_type: "Notification: Run",
  entry_lite_json: JSON.stringify({ Notification: { ty: { Completion: "Run" }, id: { CompletionId: id } } }),
  appended_at: at(ms),
});
const other = { entry_type: "Command: Sleep", name: "", entry_lite_json: "{}", appended_at: at(0) };

it("stepTimes: each step from its command to its result, in the order begun, whatever ended first", () => {
  const journal = [other, begun(1, "A/a", 10), begun(2, "B/b", 12), ended(2, 13), ended(1, 30)];
  expect(stepTimes(journal)).toEqual([
    { name: "A/a", ms: 20 },
    { name: "B/b", ms: 1 },
  ]);
});

it("stepTimes: a step without a result is no finished checkout", () => {
  expect(() => stepTimes([begun(1, "A/a", 10)])).toThrow("A/a has not ended");
});
