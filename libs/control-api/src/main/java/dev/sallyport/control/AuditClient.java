package dev.sallyport.control;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Questions to the audit log, over the connection of a [ControlClient], which owns it. Each throws
/// [ControlException] as that does.
public final class AuditClient implements AuditLog {
  private static final String CHAIN_PAGE = "500";

  private final JsonHttp http;

  AuditClient(JsonHttp http) {
    this.http = http;
  }

  @Override
  public AuditPage search(Map<String, String> parameters) {
    return http.get(path(ControlRoutes.AUDIT_SEARCH, parameters), AuditPage.class);
  }

  @Override
  public AuditTail tail(Map<String, String> parameters) {
    return http.get(path(ControlRoutes.AUDIT_TAIL, parameters), AuditTail.class);
  }

  @Override
  public AuditSessionList sessions(Map<String, String> parameters) {
    return http.get(path(ControlRoutes.AUDIT_SESSIONS, parameters), AuditSessionList.class);
  }

  @Override
  public AuditTop top(Map<String, String> parameters) {
    return http.get(path(ControlRoutes.AUDIT_TOP, parameters), AuditTop.class);
  }

  @Override
  public AuditChainList chains(Optional<Instant> from, Optional<Instant> to) {
    var window =
        Map.of(
            "from", from.map(Instant::toString).orElse(""),
            "to", to.map(Instant::toString).orElse(""));
    return http.get(path(ControlRoutes.AUDIT_CHAINS, window), AuditChainList.class);
  }

  @Override
  public AuditChainPage chain(String name, long from) {
    var place = Map.of("name", name, "from", Long.toString(from), "limit", CHAIN_PAGE);
    return http.get(path(ControlRoutes.AUDIT_CHAIN, place), AuditChainPage.class);
  }

  @Override
  public AuditIndexPage index(long after) {
    var place = Map.of("after", Long.toString(after));
    return http.get(path(ControlRoutes.AUDIT_INDEX, place), AuditIndexPage.class);
  }

  @Override
  public AuditState state() {
    return http.get(ControlRoutes.AUDIT_STATE, AuditState.class);
  }

  private static String path(String route, Map<String, String> parameters) {
    var query =
        new TreeMap<>(parameters)
            .entrySet().stream()
                .filter(parameter -> !parameter.getValue().isEmpty())
                .map(parameter ->
                    parameter.getKey() + "=" + ControlRoutes.query(parameter.getValue()))
                .collect(Collectors.joining("&"));
    return query.isEmpty() ? route : route + "?" + query;
  }
}
