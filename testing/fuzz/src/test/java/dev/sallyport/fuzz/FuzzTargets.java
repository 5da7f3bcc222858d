package dev.sallyport.fuzz;

import dev.sallyport.agent.http.AgentRequestTarget;
import dev.sallyport.auth.CallerIdentityTarget;
import dev.sallyport.auth.InstanceDocumentTarget;
import dev.sallyport.auth.SignedContentTarget;
import dev.sallyport.dynamodb.PartiqlTarget;
import dev.sallyport.dynamodb.RequestBodyTarget;
import dev.sallyport.net.ClientHelloTarget;
import dev.sallyport.net.ProxyHeaderTarget;
import dev.sallyport.net.tunnel.TunnelFrameTarget;
import dev.sallyport.tsh.localproxy.LocalRequestTarget;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is fuzzed, by the label that commands and the folders of the corpus use. */
final class FuzzTargets {
  private static final SortedMap<String, FuzzTarget> ALL =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("client-hello", new ClientHelloTarget()),
              Map.entry("proxy-header", new ProxyHeaderTarget()),
              Map.entry("tunnel-frame", new TunnelFrameTarget()),
              Map.entry("agent-request", new AgentRequestTarget()),
              Map.entry("local-request", new LocalRequestTarget()),
              Map.entry("request-body", new RequestBodyTarget()),
              Map.entry("partiql", new PartiqlTarget()),
              Map.entry("resource", new ResourceTarget()),
              Map.entry("condition", new ConditionTarget()),
              Map.entry("caller-identity", new CallerIdentityTarget()),
              Map.entry("instance-document", new InstanceDocumentTarget()),
              Map.entry("signed-content", new SignedContentTarget())));

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
