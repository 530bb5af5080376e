import type { App } from "../parts.ts";
import { type Gate, serve } from "../wire/gate.ts";
import { createAccount, listAccounts, retrieveAccount } from "./accounts.ts";
import { listReversals, reverseTransfer } from "./reversals.ts";
import { createTransfer, listTransfers, transferOf } from "./transfers.ts";

export const mountConnect = (app: App, gate: Gate): void => {
  app.post("/v1/accounts", serve(gate, createAccount));
  app.get("/v1/accounts", serve(gate, listAccounts));
  app.get("/v1/accounts/:id", serve(gate, retrieveAccount));
  app.post("/v1/transfers", serve(gate, createTransfer));
  app.get("/v1/transfers", serve(gate, listTransfers));
  app.get("/v1/transfers/:id", serve(gate, transferOf));
  app.post("/v1/transfers/:id/reversals", serve(gate, reverseTransfer));
  app.get("/v1/transfers/:id/reversals", serve(gate, listReversals));
};
