package dev.sallyport.agent.session;

import dev.sallyport.agent.session.Recording.Body;
import dev.sallyport.audit.KeyedHash;
import dev.sallyport.audit.RawJson;
import dev.sallyport.audit.RequestDetail;
import dev.sallyport.dynamodb.BoundedBody;
import dev.sallyport.dynamodb.RequestContent;
import dev.sallyport.dynamodb.RequestReading;
import dev.sallyport.dynamodb.RequestSummary;
import dev.sallyport.dynamodb.TableRef;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Decides what a record tells of a body. Safe for any thread.
public final class BodyRecorder {
  private static final String CUT = "…";
  private static final int PLAIN_LENGTH_MAX = 256;

  private final Supplier<KeyedHash> digest;
  private final Recording recording;
  private final TableKeys tableKeys = new TableKeys();

  /// @param digest names bodies and values of keys without telling them
  public BodyRecorder(Supplier<KeyedHash> digest, Recording recording) {
    this.digest = digest;
    this.recording = recording;
  }

  Supplier<KeyedHash> digest() {
    return digest;
  }

  /// What the body is about, as far as that is recorded; nothing when it is not.
  ///
  /// @param reading of the same body
  RequestContent read(RequestReading reading, byte[] body) {
    return switch (reading) {
      case RequestSummary summary when recording.body() != Body.OFF ->
          RequestContent.of(body, tableKeys.of(summary.tables()));
      // Of a body that two parsers may read in two ways, nothing is told but its digest.
      case RequestSummary _, RequestReading.Ambiguous _, RequestReading.Unreadable _ ->
          RequestContent.NONE;
    };
  }

  /// DynamoDB answered with success.
  void took(RequestSummary summary, RequestContent content) {
    tableKeys.learn(summary.tables(), content.tableKey());
  }

  RequestDetail detail(RequestSummary summary, RequestContent content, byte[] body) {
    var whole =
        recording.body() == Body.FULL
            ? Optional.of(BoundedBody.of(body, recording.bodyBytes(), RawJson.DEPTH_MAX))
            : Optional.<BoundedBody>empty();
    return new RequestDetail(
        indexes(summary.tables()),
        keys(content.keys()),
        List.copyOf(content.conditions()),
        content.items() > 0 ? Optional.of(content.items()) : Optional.empty(),
        content.statements(),
        whole.map(cut -> new RawJson(cut.json())),
        content.cut() || whole.map(BoundedBody::cut).orElse(false));
  }

  /// What is told of a body that two parsers may read in two ways.
  static RequestDetail detail(RequestReading.Ambiguous twice) {
    return new RequestDetail(
        indexes(twice.seen()),
        Map.of(),
        List.of(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        false);
  }

  private static List<String> indexes(Set<TableRef> tables) {
    return tables.stream()
        .filter(table -> table.index().isPresent())
        .map(TableRef::display)
        .toList();
  }

  private Map<String, String> keys(Map<String, List<String>> keys) {
    var recorded = new LinkedHashMap<String, String>();
    keys.forEach((name, values) -> recorded.put(name, recorded(name, values)));
    return recorded;
  }

  private String recorded(String name, List<String> values) {
    if (recording.plainKeys()) {
      return values.stream().map(BodyRecorder::cut).collect(Collectors.joining(" "));
    }
    var hash = digest.get();
    if (values.size() == 1) {
      // As it is in nearly all requests.
      return KeyedHash.KIND + hash.ofKey(name, values.getFirst());
    }
    return KeyedHash.KIND
        + values.stream().map(value -> hash.ofKey(name, value)).collect(Collectors.joining(" "));
  }

  private static String cut(String value) {
    return value.length() <= PLAIN_LENGTH_MAX ? value : value.substring(0, PLAIN_LENGTH_MAX) + CUT;
  }
}
