/**
 * The processes that the bench starts for itself: `main.ts load` makes the load, `main.ts noop` answers with nothing,
 * `main.ts queue` is one queue for each SKU.
 */
import * as restate from "@restatedev/restate-sdk";
import { listen } from "#app/endpoint.ts";
import { type LoadPlan, runLoad } from "./load.ts";
import { skuQueue } from "./stock/queue.ts";

const load = (): void => {
  const tell = (message: unknown) => process.send?.(message);
  process.once("message", (plan) => {
    void runLoad(plan as LoadPlan, (what) => tell({ what })).then((result) =>
      tell({ what: "result", result }),
    );
  });
  // Nobody is left to hear the result.
  process.once("disconnect", () => process.exit(0));
  tell({ what: "ready" });
};

const serve = async (service: restate.ServiceDefinition<string, unknown>): Promise<void> => {
  const logger = () => undefined;
  await listen(
    restate.createEndpointHandler({ services: [service], logger }),
    "127.0.0.1",
    Number(process.env["PORT"]),
  );
};

const noop = () => restate.service({ name: "Noop", handlers: { nothing: async () => ({}) } });

if (process.argv[2] === "load") load();
else if (process.argv[2] === "queue") await serve(skuQueue(process.env["DATABASE_URL"] ?? ""));
else await serve(noop());
