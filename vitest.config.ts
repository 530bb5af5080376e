import { defineConfig } from "vitest/config";

const pure = ["**/rules.test.ts", "contracts/**/*.test.ts", "tools/tidy/**/*.test.ts"];
const apart = ["node_modules/**", ".shopnexus/**"];

export default defineConfig({
  test: {
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
          exclude: [...apart, ...pure, "tools/dev/**", "tools/sandbox/**"],
          globalSetup: ["tools/testkit/stack.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        // Tests that start the stack or the sandbox themselves.
        test: {
          name: "tools",
          include: ["tools/dev/**/*.test.ts", "tools/sandbox/**/*.test.ts"],
          exclude: apart,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
