/** The processes that the bench starts for itself: `main.ts load` makes the load, `main.ts noop` answers with nothing. */
import * as restate from "@restatedev/restate-sdk";
import { listen } from "#app/endpoint.ts";
import { type LoadPlan, runLoad } from "./load.ts";

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

const noop = async (): Promise<void> => {
  const service = restate.service({ name: "Noop", handlers: { nothing: async () => ({}) } });
  const logger = () => undefined;
  await listen(
    restate.createEndpointHandler({ services: [service], logger }),
    "127.0.0.1",
    Number(process.env["PORT"]),
  );
};

if (process.argv[2] === "load") load();
else await noop();
