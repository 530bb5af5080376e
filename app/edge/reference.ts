/** The reference page of the HTTP API, with every asset served from here. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Hono } from "hono";
import type { Host } from "../host.ts";
import { openapi } from "./openapi.ts";

const ASSETS: Record<string, string> = {
  "swagger-ui.css": "text/css",
  "swagger-ui-bundle.js": "text/javascript",
};

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>ShopNexus: reference</title>
<link rel="stylesheet" href="/reference/swagger-ui.css"></head>
<body><div id="reference"></div>
<script src="/reference/swagger-ui-bundle.js"></script>
<script src="/reference/start.js"></script>
</body></html>
`;
const START = `SwaggerUIBundle({ url: "/openapi.json", dom_id: "#reference", deepLinking: true, validatorUrl: null });\n`;

export const serveReference = (app: Hono, host: Host): void => {
  const folder = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
  const document = openapi(host.served.map(({ component }) => component.contract));
  app.get("/openapi.json", (c) => c.json(document));
  app.get("/reference", (c) => c.html(PAGE));
  app.get("/reference/start.js", (c) => c.body(START, 200, { "content-type": "text/javascript" }));
  for (const [name, type] of Object.entries(ASSETS)) {
    app.get(`/reference/${name}`, async (c) =>
      c.body(await readFile(join(folder, name)), 200, { "content-type": type }),
    );
  }
};
