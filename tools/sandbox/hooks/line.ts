/** Says when to try again, or undefined when it is done with this id. */
type Attempt = (id: string) => Promise<number | undefined>;

export type Line = {
  /** Tries the id after a delay, and again for as long as the attempt asks for it. */
  send(id: string, delayMs: number): void;
  /** Forgets what waits; what is in flight ends by itself. */
  drop(): void;
};

/** A line of ids that wait for their time, then for their turn: at most `inFlightMax` attempts at once. */
export const makeLine = (attempt: Attempt, inFlightMax: number): Line => {
  const waiting = new Set<NodeJS.Timeout>();
  const ready = new Set<string>();
  let inFlight = 0;
  let era = 0;

  const send = (id: string, delayMs: number) => {
    if (delayMs <= 0) return enter(id);
    const timer = setTimeout(() => {
      waiting.delete(timer);
      enter(id);
    }, delayMs);
    waiting.add(timer);
  };
  const enter = (id: string) => {
    ready.add(id);
    advance();
  };
  const advance = () => {
    for (const id of ready) {
      if (inFlight >= inFlightMax) return;
      ready.delete(id);
      inFlight += 1;
      void run(id, era);
    }
  };
  const run = async (id: string, startedIn: number) => {
    const again = await attempt(id);
    inFlight -= 1;
    // Dropped while it was out: it must not come back.
    if (again !== undefined && startedIn === era) send(id, again);
    advance();
  };
  const drop = () => {
    era += 1;
    for (const timer of waiting) clearTimeout(timer);
    waiting.clear();
    ready.clear();
  };
  return { send, drop };
};
