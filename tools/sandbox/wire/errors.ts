/** The body Stripe sends with a refusal, inside `{ error }`. */
export type ErrorBody = {
  type: "invalid_request_error" | "card_error" | "api_error" | "idempotency_error";
  message: string;
  code?: string | undefined;
  param?: string | undefined;
  decline_code?: string | undefined;
  doc_url?: string | undefined;
  charge?: string | undefined;
  payment_intent?: object | undefined;
  payment_method?: object | undefined;
};

/** An answer that is not 2xx. `isKept` says whether an idempotency key remembers it: Stripe keeps what an
 *  endpoint answered once it began to execute, and forgets what was refused at the door. */
export class StripeRefusal extends Error {
  readonly status: number;
  readonly body: ErrorBody;
  readonly isKept: boolean;

  constructor(status: number, body: ErrorBody, isKept: boolean) {
    super(body.message);
    this.status = status;
    this.body = body;
    this.isKept = isKept;
  }
}

type Blame = { param: string; status?: number };
type Detail = { code?: string | undefined; param?: string | undefined };

export const invalid = (message: string, detail: Detail = {}): StripeRefusal =>
  new StripeRefusal(400, { type: "invalid_request_error", message, ...detail }, false);

export const refused = (message: string, detail: Detail = {}): StripeRefusal =>
  new StripeRefusal(400, { type: "invalid_request_error", message, ...detail }, true);

/** 404 for an object of the path, 400 where Stripe blames the parameter. */
export const unknownObject = (noun: string, id: string, { param, status }: Blame): StripeRefusal =>
  new StripeRefusal(
    status ?? 404,
    { type: "invalid_request_error", code: "resource_missing", message: `No such ${noun}: '${id}'`, param },
    false,
  );

export const unexpectedState = (message: string, intent: object): StripeRefusal =>
  new StripeRefusal(
    400,
    {
      type: "invalid_request_error",
      code: "payment_intent_unexpected_state",
      message,
      payment_intent: intent,
    },
    true,
  );

export const cardDeclined = (body: Omit<ErrorBody, "type">): StripeRefusal =>
  new StripeRefusal(402, { type: "card_error", ...body }, true);

export const unauthorized = (message: string): StripeRefusal =>
  new StripeRefusal(401, { type: "invalid_request_error", message }, false);

export const secretKeyRequired = (): StripeRefusal =>
  new StripeRefusal(
    403,
    {
      type: "invalid_request_error",
      code: "secret_key_required",
      message: "This API call cannot be made with a publishable API key. Please use a secret API key.",
    },
    false,
  );

export const unknownUrl = (method: string, path: string): StripeRefusal =>
  new StripeRefusal(
    404,
    {
      type: "invalid_request_error",
      message: `Unrecognized request URL (${method}: ${path}). This is an emulator of a part of the Stripe API.`,
    },
    false,
  );

export const keyReused = (message: string): StripeRefusal =>
  new StripeRefusal(400, { type: "idempotency_error", message }, false);

export const unavailable = (): StripeRefusal =>
  new StripeRefusal(
    503,
    { type: "api_error", message: "Injected fault: the request was not executed." },
    false,
  );

/** The last resort: our own bug must not leak a stack to the caller. */
export const broken = (): StripeRefusal =>
  new StripeRefusal(500, { type: "api_error", message: "The emulator failed. Its log says why." }, false);
