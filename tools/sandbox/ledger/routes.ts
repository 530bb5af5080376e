import type { App } from "../parts.ts";
import { type Gate, serve } from "../wire/gate.ts";
import { listTransactions, retrieveBalance, retrieveTransaction } from "./balance.ts";

export const mountLedger = (app: App, gate: Gate): void => {
  app.get("/v1/balance", serve(gate, retrieveBalance));
  app.get("/v1/balance_transactions", serve(gate, listTransactions));
  app.get("/v1/balance_transactions/:id", serve(gate, retrieveTransaction));
};
