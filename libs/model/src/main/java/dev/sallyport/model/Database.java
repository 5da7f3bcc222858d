package dev.sallyport.model;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// A DynamoDB account and region that an agent gives access to. An instance obeys {@link
/// DatabaseRules} and always has its region.
///
/// @param uri another endpoint than AWS's rules give
/// @param serviceUris those of the services beside it
/// @param dynamicLabels labels by key whose values commands on the agent's host give
public record Database(
    Metadata metadata,
    String protocol,
    Optional<String> uri,
    DatabaseAws aws,
    DatabaseTls tls,
    Map<String, DynamicLabel> dynamicLabels,
    ServiceUris serviceUris)
    implements Resource {
  public Database {
    Objects.requireNonNull(metadata, "metadata");
    Objects.requireNonNull(tls, "tls");
    aws = DatabaseRules.check(metadata.name(), protocol, uri, serviceUris, aws);
    dynamicLabels = Map.copyOf(dynamicLabels);
    if (dynamicLabels.size() > DynamicLabel.MAX_LABELS || dynamicLabels.containsKey("")) {
      throw new IllegalArgumentException(
          "dynamic_labels: %d (expected: at most %d, each with a name)"
              .formatted(dynamicLabels.size(), DynamicLabel.MAX_LABELS));
    }
  }

  /// One whose labels are all written down.
  public Database(
      Metadata metadata, String protocol, Optional<String> uri, DatabaseAws aws, DatabaseTls tls) {
    this(metadata, protocol, uri, aws, tls, Map.of(), ServiceUris.NONE);
  }

  public String name() {
    return metadata.name();
  }

  /// What roles choose the database by. What is written down stands against what a command says.
  public Labels labels() {
    if (dynamicLabels.isEmpty()) {
      return new Labels(metadata.labels());
    }
    var all = new LinkedHashMap<>(metadata.labels());
    var dynamic = new HashSet<String>();
    dynamicLabels.forEach((key, label) ->
        label
            .value()
            .filter(value -> !metadata.labels().containsKey(key))
            .ifPresent(value -> {
              all.put(key, value);
              dynamic.add(key);
            }));
    return new Labels(all, dynamic);
  }

  public Database withDynamicLabels(Map<String, DynamicLabel> labels) {
    return new Database(metadata, protocol, uri, aws, tls, labels, serviceUris);
  }

  /// @throws InvalidDatabase if its own endpoints do not fit these settings
  public Database withAws(DatabaseAws settings) {
    return new Database(metadata, protocol, uri, settings, tls, dynamicLabels, serviceUris);
  }

  /// The endpoint that was configured; absent when AWS's rules give it.
  public Optional<DatabaseUri> endpoint() {
    return uri.flatMap(DatabaseUri::parse).filter(address -> !address.scheme().equals("aws"));
  }

  @Override
  public Kind kind() {
    return Kind.DB;
  }

  @Override
  public Database withMetadata(Metadata newMetadata) {
    return new Database(newMetadata, protocol, uri, aws, tls, dynamicLabels, serviceUris);
  }
}
