import { expect, it } from "vitest";
import { groupsOf } from "./groups.ts";

it("groupsOf: everything in one process, unless SERVICES names some", () => {
  for (const services of [undefined, "", "*", " * "])
    expect(groupsOf(services)).toEqual([{ name: "app", services: "*", isOrder: true }]);
});

it("groupsOf: the rest gets a process of its own, so that the shop stays whole", () => {
  const [named, rest] = groupsOf("order, inventory");
  expect(named).toEqual({ name: "app", services: "order,inventory", isOrder: true });
  expect(rest).toMatchObject({ name: "app-rest", isOrder: false });
  expect(rest?.services.split(",")).toEqual(expect.arrayContaining(["account", "catalog"]));
  expect(rest?.services).not.toContain("order");
});
