package dev.sallyport.fuzz;

import dev.sallyport.agent.http.AgentRequestTarget;
import dev.sallyport.dynamodb.PartiqlTarget;
import dev.sallyport.dynamodb.RequestBodyTarget;
import dev.sallyport.net.ClientHelloTarget;
import dev.sallyport.net.tunnel.TunnelFrameTarget;
import dev.sallyport.tsh.localproxy.LocalRequestTarget;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is fuzzed, by the label that commands and the folders of the corpus use. */
final class FuzzTargets {
  private static final SortedMap<String, FuzzTarget> ALL =
      new TreeMap<>(
          Map.of(
              "client-hello", new ClientHelloTarget(),
              "tunnel-frame", new TunnelFrameTarget(),
              "agent-request", new AgentRequestTarget(),
              "local-request", new LocalRequestTarget(),
              "request-body", new RequestBodyTarget(),
              "partiql", new PartiqlTarget(),
              "resource", new ResourceTarget(),
              "condition", new ConditionTarget()));

  private FuzzTargets() {}

  static Iterable<String> labels() {
    return ALL.keySet();
  }

  static FuzzTarget of(String label) {
    FuzzTarget target = ALL.get(label);
    if (target == null) {
      throw new IllegalArgumentException(
          "no fuzz target " + label + " (expected: one of " + ALL.keySet() + ")");
    }
    return target;
  }
}
