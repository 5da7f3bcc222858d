package dev.sallyport.audit.store;

import dev.sallyport.audit.chain.ChainId;
import dev.sallyport.audit.chain.ChainLink;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Chains to fill a store with.
public final class Records {
  public static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
  public static final ChainId AGENT = new ChainId("host-1", "0123456789abcdef0123456789abcdef");

  private ChainLink at;

  public Records(ChainId chain) {
    this.at = ChainLink.origin(chain);
  }

  /// The next record of the chain.
  public ChainEntry next(String body) {
    var before = at;
    at = at.next(body.getBytes(StandardCharsets.UTF_8));
    return new ChainEntry(at.sequence(), before.hash().hex(), at.hash().hex(), body);
  }

  public List<ChainEntry> requests(int count, String user) {
    var entries = new ArrayList<ChainEntry>();
    for (var i = 0; i < count; i++) {
      var n = at.sequence();
      entries.add(
          next(request(user + n, START.plusSeconds(n), user, "GetItem", "Music", "answered", 200)));
    }
    return entries;
  }

  /// A request as it stands in a record.
  public static String request(
      String uid,
      Instant time,
      String user,
      String operation,
      String table,
      String outcome,
      int status) {
    return """
    {"event":"db.session.dynamodb.request","code":"TDY01I","uid":"%s","time":"%s","user":"%s",\
    "db_service":"orders","target":"DynamoDB_20120810.%s","tables":["%s"],"sid":"s-%s",\
    "outcome":"%s","status_code":%d}\
    """
        .formatted(uid, time, user, operation, table, user, outcome, status);
  }

  public ChainLink at() {
    return at;
  }
}
