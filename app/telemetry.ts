/** Spans are sent when an OTLP endpoint is set; without one nothing of this is loaded. */
import type * as restate from "@restatedev/restate-sdk";

export type Telemetry = { readonly hooks: restate.HooksProvider[]; stop(): Promise<void> };

export const openTelemetry = async (endpoint: string | undefined): Promise<Telemetry> => {
  if (endpoint === undefined) return { hooks: [], stop: async () => undefined };
  const [
    { OTLPTraceExporter },
    { BatchSpanProcessor },
    { NodeTracerProvider },
    { resourceFromAttributes },
    hook,
  ] = await Promise.all([
    import("@opentelemetry/exporter-trace-otlp-http"),
    import("@opentelemetry/sdk-trace-base"),
    import("@opentelemetry/sdk-trace-node"),
    import("@opentelemetry/resources"),
    import("@restatedev/restate-sdk-opentelemetry"),
  ]);
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, "")}/v1/traces` });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ "service.name": "shopnexus" }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  provider.register();
  return {
    hooks: [hook.openTelemetryHook({ tracer: provider.getTracer("shopnexus") })],
    stop: () => provider.shutdown(),
  };
};
