package dev.sallyport.dynamodb;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// The parsers of requests' bodies, with the limits of [RequestSummary].
final class BodyJson {
  /// Fails at a field that stands twice.
  static final JsonFactory STRICT = factory(true);

  /// Does not mind.
  static final JsonFactory LENIENT = factory(false);

  private BodyJson() {}

  private static JsonFactory factory(boolean strict) {
    return JsonFactory.builder()
        .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, strict)
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxDocumentLength(RequestSummary.BODY_BYTES_MAX)
                .maxNestingDepth(RequestSummary.DEPTH_MAX)
                .maxNameLength(RequestSummary.NAME_LENGTH_MAX)
                .maxNumberLength(RequestSummary.NUMBER_LENGTH_MAX)
                .maxStringLength(RequestSummary.BODY_BYTES_MAX)
                .build())
        .build();
  }
}
