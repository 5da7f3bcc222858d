package dev.sallyport.model;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Optional;

/// Where a resource comes from, as a label of it says.
public enum Origin {
  /// The cluster made it because nobody else did.
  DEFAULTS("defaults"),
  /// The config file of the Auth Service, which writes it again at each start.
  CONFIG_FILE("config-file"),
  /// Somebody made it through the API.
  DYNAMIC("dynamic");

  /// The label's key.
  public static final String LABEL = "teleport.dev/origin";

  private final String wireName;

  Origin(String wireName) {
    this.wireName = wireName;
  }

  /// The label's value.
  public String wireName() {
    return wireName;
  }

  /// What the label says; nothing when it is absent or says something else.
  public static Optional<Origin> of(Metadata metadata) {
    var value = metadata.labels().get(LABEL);
    return Arrays.stream(values()).filter(origin -> origin.wireName.equals(value)).findFirst();
  }

  /// The same metadata with the label.
  public Metadata mark(Metadata metadata) {
    var labels = new LinkedHashMap<>(metadata.labels());
    labels.put(LABEL, wireName);
    return metadata.withLabels(labels);
  }
}
