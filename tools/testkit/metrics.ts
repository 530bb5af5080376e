/** What this process would show to Prometheus. */
import { Registry } from "prom-client";
import { observer } from "#modules/_kit/observe.ts";

export const openMetrics = () => {
  const registry = new Registry();
  observer(registry);
  return {
    /** The sum of a counter over all its labels. */
    sumOf: async (name: string): Promise<number> => {
      const metric = (await registry.getMetricsAsJSON()).find((one) => one.name === name);
      return (metric?.values ?? []).reduce((sum, { value }) => sum + value, 0);
    },
  };
};
