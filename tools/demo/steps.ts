/** How long each step of a checkout took, read from its journal. */

export type StepTime = { name: string; ms: number };

/** One row of sys_journal, by Restate's own names. */
export type JournalEntry = {
  entry_type: string;
  name?: string | undefined;
  /** The entry without its payload. */
  entry_lite_json: string;
  appended_at: string;
};

/**
 * The journal has a command when a step is begun and a notification when its result is kept, joined by a completion id.
 * A step's time is the difference of when the two were appended: it counts the way to Restate and the write, and
 * retries. Restate stamps whole milliseconds.
 */
export const stepTimes = (entries: readonly JournalEntry[]): StepTime[] => {
  const ends = new Map<number, number>();
  for (const entry of entries) {
    if (entry.entry_type !== "Notification: Run") continue;
    const { Notification } = JSON.parse(entry.entry_lite_json) as {
      Notification: { id: { CompletionId: number } };
    };
    ends.set(Notification.id.CompletionId, Date.parse(entry.appended_at));
  }
  return entries
    .filter(({ entry_type }) => entry_type === "Command: Run")
    .map((entry) => {
      const { Command } = JSON.parse(entry.entry_lite_json) as {
        Command: { Run: { completion_id: number } };
      };
      const endedMs = ends.get(Command.Run.completion_id);
      if (endedMs === undefined) throw new Error(`The step ${entry.name} has not ended`);
      return { name: entry.name ?? "", ms: endedMs - Date.parse(entry.appended_at) };
    });
};
