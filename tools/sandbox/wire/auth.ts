import { secretKeyRequired, unauthorized } from "./errors.ts";
import type { Form } from "./form.ts";
import { required, text } from "./params.ts";

const PUBLISHABLE = /^pk_test_/;

type Door = { secretKey: string; isOpenToBrowsers: boolean };

/** Lets a request in by its key. A browser comes with a publishable key, which opens only the endpoints a browser
 *  may call, and there only the intent whose client_secret it knows. */
export const admit = (header: string | undefined, params: Form, door: Door): void => {
  const key = keyIn(header) ?? text(params, "key");
  if (key === undefined)
    throw unauthorized("You did not provide an API key. Send it as `Authorization: Bearer KEY`.");
  if (key === door.secretKey) return;
  if (!PUBLISHABLE.test(key)) throw unauthorized(`Invalid API Key provided: ${masked(key)}`);
  if (!door.isOpenToBrowsers) throw secretKeyRequired();
  required(params, "client_secret");
};

const keyIn = (header: string | undefined): string | undefined => {
  if (header === undefined) return undefined;
  const [scheme = "", value = ""] = header.split(" ", 2);
  if (scheme.toLowerCase() === "bearer") return value;
  // Basic: the key is the user name, the password is empty.
  if (scheme.toLowerCase() === "basic") return Buffer.from(value, "base64").toString().split(":", 1)[0];
  return undefined;
};

const masked = (key: string): string => `${key.slice(0, 8)}****${key.slice(-4)}`;
