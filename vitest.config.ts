import { defineConfig } from "vitest/config";

const pure = [
  "**/rules.test.ts",
  "modules/*/_kit/*.test.ts",
  "app/config.test.ts",
  "contracts/**/*.test.ts",
  "tools/{new,openapi,seed,tidy}/**/*.test.ts",
  "tools/openapi.test.ts",
  "tools/demo/{balance,goods,steps}.test.ts",
  "tools/start/groups.test.ts",
];
/** They start the stack, the sandbox or the whole of `npm start` themselves. */
const standalone = ["tools/{bench,demo,dev,editor,sandbox,start}/**/*.test.ts"];
const apart = ["node_modules/**", ".shopnexus/**"];

export default defineConfig({
  test: {
    // Many a test waits for a deadline to pass: while one waits, another has the cores.
    maxWorkers: 3,
    projects: [
      {
        // Values in, values out: no process but this one. Part of `npm run check`.
        test: { name: "pure", include: pure, exclude: apart },
      },
      {
        // On real Postgres, Restate and Redis, started for the run.
        test: {
          name: "real",
          include: ["**/*.test.ts"],
          exclude: [...apart, ...pure, ...standalone],
          globalSetup: ["tools/testkit/stack.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "tools",
          include: standalone,
          exclude: [...apart, ...pure],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
