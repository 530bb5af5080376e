import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type House, openHouse } from "./proof/house.ts";
import { type Happening, unlucky, world } from "./proof/tiny.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house?.stop());

const DOES = ["do one", "do two", "do three", "do point", "do five", "do six"];
const UNDOES = ["undo three", "undo two", "undo one"];

const begin = async (happening: Happening) => {
  const key = randomUUID();
  world.happening.set(key, happening);
  return { key, id: await house.begin(key) };
};

/** Refuses when one of these is done. */
const refusedAt =
  (...whats: string[]): Happening =>
  (what) => {
    if (whats.includes(what)) throw unlucky(what);
  };

/** A deed that stands still until it is let go; the first time only, as a repeat finds it done. */
const gate = (...whats: string[]) => {
  const gates = new Map(whats.map((what) => [what, Promise.withResolvers<void>()]));
  const passed = new Set<string>();
  const happening: Happening = (what) => {
    if (passed.has(what)) return undefined;
    passed.add(what);
    return gates.get(what)?.promise;
  };
  return { happening, letGo: (what: string) => gates.get(what)?.resolve() };
};

const reaches = (key: string, what: string) => expect.poll(() => world.of(key)).toContain(what);

describe("saga, before the pivot", () => {
  it("pairs that are done run in their order, and nothing is undone", async () => {
    const { key } = await begin(() => undefined);
    expect(await house.end(key)).toMatchObject({ status: 200 });
    expect(world.of(key)).toEqual(DOES);
  });

  it.each([
    ["one", ["do one", "undo one"]],
    ["two", ["do one", "do two", "undo two", "undo one"]],
    ["point", [...DOES.slice(0, 4), ...UNDOES]],
  ])(
    "refused at “%s”: what was begun is undone last first, its own undo included, and the caller hears the code",
    async (name, trace) => {
      const { key } = await begin(refusedAt(`do ${name}`));
      expect(await house.end(key)).toEqual({ status: 409, code: "UNLUCKY" });
      expect(world.of(key)).toEqual(trace);
    },
  );

  it("a fault is weather: the deed is done again, and nothing is undone", async () => {
    let faults = 2;
    const { key } = await begin((what) => {
      if (what === "do two" && faults-- > 0) throw new Error("weather");
    });
    expect(await house.end(key)).toMatchObject({ status: 200 });
    expect(world.of(key)).toEqual(["do one", "do two", "do two", ...DOES.slice(1)]);
  });

  it("a fault in an undo is weather too: it is done again, and so are those after it", async () => {
    let faults = 2;
    const { key } = await begin((what) => {
      if (what === "do three") throw unlucky(what);
      if (what === "undo two" && faults-- > 0) throw new Error("weather");
    });
    expect(await house.end(key)).toMatchObject({ status: 409 });
    expect(world.of(key).slice(3)).toEqual(["undo three", "undo two", "undo two", "undo two", "undo one"]);
  });

  it("cancelled while a deed is under way: its answer is lost, and it is undone with the others", async () => {
    const { happening, letGo } = gate("do three");
    const { key, id } = await begin(happening);
    await reaches(key, "do three");
    await house.cancel(id);
    await reaches(key, "undo one");
    letGo("do three");
    expect(await house.end(key)).toMatchObject({ status: 409, code: undefined });
    expect(world.of(key)).toEqual([...DOES.slice(0, 3), ...UNDOES]);
  });

  it("cancelled again and again while it is being undone: every undo is done all the same", async () => {
    const { happening, letGo } = gate("do three", "undo three", "undo one");
    const { key, id } = await begin(happening);
    await reaches(key, "do three");
    await house.cancel(id);
    await reaches(key, "undo three");
    await house.cancel(id);
    await reaches(key, "undo one");
    await house.cancel(id);
    await expect.poll(() => world.of(key).filter((what) => what === "undo one")).toHaveLength(2);
    for (const what of ["do three", "undo three", "undo one"]) letGo(what);
    expect(await house.end(key)).toMatchObject({ status: 409 });
    expect(new Set(world.of(key))).toEqual(new Set([...DOES.slice(0, 3), ...UNDOES]));
  });

  it("an undo that refuses is a bug that an operator sees; once it is mended, all that is left is undone", async () => {
    const broken = new Set(["do three", "undo two"]);
    const { key, id } = await begin((what) => {
      if (broken.has(what)) throw unlucky(what);
    });
    await fails(id, "refuses");
    broken.delete("undo two");
    expect(await house.end(key)).toMatchObject({ status: 409, code: "UNLUCKY" });
    expect([...new Set(world.of(key).slice(3))]).toEqual(UNDOES);
  });
});

describe("saga, after the pivot", () => {
  it("a refusal is a bug that an operator sees: nothing is undone, and once it is mended the rest is done", async () => {
    let isBroken = true;
    const { key, id } = await begin((what) => {
      if (what === "do six" && isBroken) throw unlucky(what);
    });
    await fails(id, "refuses");
    isBroken = false;
    expect(await house.end(key)).toMatchObject({ status: 200 });
    expect([...new Set(world.of(key))]).toEqual(DOES);
  });

  it("cancelled, and cancelled again: what is left is done all the same, and nothing is undone", async () => {
    const { happening, letGo } = gate("do five", "do six");
    const { key, id } = await begin(happening);
    await reaches(key, "do five");
    await house.cancel(id);
    await expect.poll(() => world.of(key)).toContain("do six");
    await house.cancel(id);
    for (const what of ["do five", "do six"]) letGo(what);
    expect(await house.end(key)).toMatchObject({ status: 200 });
    expect(new Set(world.of(key))).toEqual(new Set(DOES));
  });

  it("a fault is weather: the deed is done again", async () => {
    let faults = 1;
    const { key } = await begin((what) => {
      if (what === "do five" && faults-- > 0) throw new Error("weather");
    });
    expect(await house.end(key)).toMatchObject({ status: 200 });
    expect(world.of(key)).toEqual([...DOES.slice(0, 5), "do five", "do six"]);
  });
});

type Failing = { last_failure: string | null };

/** Waits until an invocation fails with this sentence, for the time being. */
const fails = async (id: string, why: string): Promise<void> => {
  const failure = async () => {
    const [row] = await house.query<Failing>(`select last_failure from sys_invocation where id = '${id}'`);
    return row?.last_failure ?? "";
  };
  await expect.poll(failure, { timeout: 5_000 }).toContain(why);
};
