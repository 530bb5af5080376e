/** How long each step of a checkout took, as Restate's own journal tells. */
import { z } from "zod";

export type StepTime = { name: string; ms: number };

const Row = z.object({
  index: z.number(),
  entry_type: z.string(),
  name: z.string().nullish(),
  entry_lite_json: z.string().nullish(),
  appended_at: z.string(),
});
