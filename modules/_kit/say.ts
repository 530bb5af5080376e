/** Durable promises of a workflow, completed by whoever has the news. */
import * as restate from "@restatedev/restate-sdk";

/** Completes a promise. Of several who say the same at once the first completes it, and the others find it said. */
export const say = async <T>(
  ctx: Pick<restate.WorkflowSharedContext, "promise">,
  name: string,
  value: T,
): Promise<void> => {
  try {
    await ctx.promise<T>(name).resolve(value);
  } catch (error) {
    const isCompleted = error instanceof restate.TerminalError && !(error instanceof restate.CancelledError);
    if (!isCompleted || (await ctx.promise<T>(name).peek()) === undefined) throw error;
  }
};
