package dev.sallyport.tctl;

import dev.sallyport.audit.chain.ChainId;
import dev.sallyport.audit.chain.ChainLink;
import dev.sallyport.audit.chain.Checkpoint;
import dev.sallyport.control.AuditChain;
import dev.sallyport.control.AuditChainList;
import dev.sallyport.control.AuditChainPage;
import dev.sallyport.control.AuditCount;
import dev.sallyport.control.AuditPage;
import dev.sallyport.control.AuditRecord;
import dev.sallyport.control.AuditSession;
import dev.sallyport.control.AuditSessionList;
import dev.sallyport.control.AuditState;
import dev.sallyport.control.AuditTail;
import dev.sallyport.control.AuditTop;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ControlJson;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.authority.CertificateAuthority;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// An audit log with one chain of an agent, who signed its fifth and its last record. Answers pages
/// of two.
final class FakeAuditLog implements dev.sallyport.control.AuditLog {
  static final ChainId CHAIN = new ChainId("host-1", "0123456789abcdef0123456789abcdef");
  static final int RECORDS = 9;

  final CertificateAuthority authority =
      CertificateAuthority.create(
          CaKind.HOST, "example.com", () -> FakeAdminApi.NOW, new SecureRandom());
  final List<Map<String, String>> asked = new ArrayList<>();
  final List<JsonNode> events = new ArrayList<>();

  /// What is told to who follows, one after the other, until the cluster is gone.
  final Queue<AuditTail> tails = new ArrayDeque<>();

  final List<Map<String, String>> tailed = new ArrayList<>();

  /// The windows of time of which chains were asked for.
  final List<String> windows = new ArrayList<>();

  private final KeyPair key = KeyPairs.generate();
  final List<AuditRecord> records = new ArrayList<>();
  final List<Checkpoint> checkpoints = new ArrayList<>();

  FakeAuditLog() {
    var certificate =
        authority.issueHost(
            new HostIdentity("example.com", "host-1", SystemRole.DB),
            key.getPublic(),
            Set.of(),
            Set.of(),
            FakeAdminApi.NOW.plus(Duration.ofDays(1)));
    var at = ChainLink.origin(CHAIN);
    for (var i = 1; i <= RECORDS; i++) {
      var body = body(i);
      var next = at.next(body.getBytes(StandardCharsets.UTF_8));
      records.add(new AuditRecord(i, at.hash().hex(), next.hash().hex(), body));
      at = next;
      if (i == 5 || i == RECORDS) {
        checkpoints.add(Checkpoint.sign(at, FakeAdminApi.NOW, key.getPrivate(), certificate));
      }
    }
  }

  /// The last record tells that the second one may be missing.
  private static String body(int number) {
    if (number < RECORDS) {
      return "{\"uid\":\"u%d\"}".formatted(number);
    }
    return """
    {"event":"audit.journal","code":"TAJ00E","ei":0,"uid":"u9","time":"2030-01-01T00:00:00.000Z",\
    "cluster_name":"example.com","user":"host-1","user_kind":2,"server_id":"host-1","state":"lost",\
    "epoch":"0123456789abcdef0123456789abcdef","records":1,"bytes":0,"reason":"damaged","gaps":["2-2"]}\
    """;
  }

  void event(String json) {
    events.addFirst(ControlJson.MAPPER.readTree(json));
  }

  @Override
  public AuditPage search(Map<String, String> parameters) {
    asked.add(Map.copyOf(parameters));
    var before = parameters.getOrDefault("before", "");
    var from = before.isEmpty() ? 0 : Integer.parseInt(before);
    var limit = Math.min(2, Integer.parseInt(parameters.get("limit")));
    var to = Math.min(events.size(), from + limit);
    var next = to < events.size() ? Optional.of(Integer.toString(to)) : Optional.<String>empty();
    return new AuditPage(events.subList(from, to), next);
  }

  @Override
  public AuditTail tail(Map<String, String> parameters) {
    tailed.add(Map.copyOf(parameters));
    return Optional.ofNullable(tails.poll())
        .orElseThrow(() -> new ControlException(ErrorKind.UNAVAILABLE, "the cluster is gone"));
  }

  @Override
  public AuditSessionList sessions(Map<String, String> parameters) {
    asked.add(Map.copyOf(parameters));
    return new AuditSessionList(
        List.of(
            new AuditSession(
                "s-1",
                "alice",
                "orders",
                Instant.parse("2030-01-01T10:00:00Z"),
                Instant.parse("2030-01-01T10:05:00Z"),
                7,
                1)));
  }

  @Override
  public AuditTop top(Map<String, String> parameters) {
    asked.add(Map.copyOf(parameters));
    return new AuditTop(List.of(new AuditCount("alice", 7, 1, 2)));
  }

  @Override
  public AuditState state() {
    return new AuditState(
        9,
        3L << 20,
        1,
        Duration.ofDays(365),
        20L << 30,
        3,
        List.of(
            new AuditState.Export(
                "file", "/var/log/x", 8, 1, Duration.ofSeconds(90), 5, Optional.of("disk full"))));
  }

  @Override
  public AuditChainList chains(Optional<Instant> from, Optional<Instant> to) {
    windows.add(
        from.map(Instant::toString).orElse("") + " to " + to.map(Instant::toString).orElse(""));
    var witness = new AuditChain.Witness(1, RECORDS, head(), RECORDS);
    return new AuditChainList(
        List.of(
            new AuditChain(
                CHAIN.toString(),
                1,
                Optional.of(ChainLink.origin(CHAIN).hash().hex()),
                RECORDS,
                Optional.of(witness))));
  }

  private static String head() {
    var at = ChainLink.origin(CHAIN);
    for (var i = 1; i <= RECORDS; i++) {
      at = at.next(body(i).getBytes(StandardCharsets.UTF_8));
    }
    return at.hash().hex();
  }

  @Override
  public AuditChainPage chain(String name, long from) {
    var page = records.stream().filter(record -> record.sequence() >= from).limit(2).toList();
    return new AuditChainPage(
        page,
        checkpoints.stream()
            .filter(checkpoint -> checkpoint.sequence() >= from)
            .filter(
                checkpoint -> page.isEmpty() || checkpoint.sequence() <= page.getLast().sequence())
            .toList());
  }
}
