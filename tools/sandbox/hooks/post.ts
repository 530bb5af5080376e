import { createHmac } from "node:crypto";
import http from "node:http";
import https from "node:https";

// A webhook that has not answered by then counts as failed.
const ANSWER_WITHIN_MS = 10_000;

/** A signature header as Stripe makes it: HMAC-SHA256 over `time.body`. */
export const signatureOf = (body: string, secret: string, nowMs: number): string => {
  const time = Math.floor(nowMs / 1_000);
  return `t=${time},v1=${createHmac("sha256", secret).update(`${time}.${body}`).digest("hex")}`;
};

/** What goes out: a JSON body, and the headers that vouch for it. */
export type Letter = { body: string; headers: Readonly<Record<string, string>> };

export type Poster = {
  /** Gives the HTTP status of the answer; throws when there was none. */
  post(url: string, letter: Letter): Promise<number>;
  close(): void;
};

export const makePoster = (): Poster => {
  const plain = new http.Agent({ keepAlive: true });
  const secure = new https.Agent({ keepAlive: true });
  return {
    post: (url, letter) =>
      new Promise((resolve, reject) => {
        const isSecure = url.startsWith("https:");
        const options = { method: "POST", agent: isSecure ? secure : plain, headers: headersFor(letter) };
        const request = (isSecure ? https : http).request(url, options, (response) => {
          response.resume();
          response.on("end", () => resolve(response.statusCode ?? 0));
          response.on("error", reject);
        });
        request.setTimeout(ANSWER_WITHIN_MS, () => request.destroy(new Error("no answer in time")));
        request.on("error", reject);
        request.end(letter.body);
      }),
    close: () => {
      plain.destroy();
      secure.destroy();
    },
  };
};

const headersFor = ({ body, headers }: Letter): http.OutgoingHttpHeaders => ({
  "content-type": "application/json; charset=utf-8",
  "content-length": Buffer.byteLength(body),
  "user-agent": "shopnexus-sandbox (emulator)",
  "x-emulator": "shopnexus-sandbox",
  ...headers,
});
