/** Used by `npm run migration <module>`, which says which module in MODULE. */
import { defineConfig } from "drizzle-kit";

const module = process.env["MODULE"];
if (module === undefined) throw new Error("Run `npm run migration <module>`: it sets MODULE.");

export default defineConfig({
  dialect: "postgresql",
  schema: `./db/${module}/*.ts`,
  out: `./db/${module}/migrations`,
  casing: "snake_case",
});
