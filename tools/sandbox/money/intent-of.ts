import { unknownObject } from "../wire/errors.ts";
import type { Form } from "../wire/form.ts";
import { text } from "../wire/params.ts";
import type { World } from "../world.ts";
import type { Intent } from "./shapes.ts";

/** The intent of a path. A client_secret, where given, must be its own. */
export const intentOf = (world: World, id: string, params: Form): Intent => {
  const intent = world.intents.get(id);
  const secret = text(params, "client_secret");
  if (intent === undefined || (secret !== undefined && secret !== intent.client_secret)) {
    throw unknownObject("payment_intent", id, { param: "intent" });
  }
  return intent;
};
