package dev.sallyport.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A body is refused, or read as a tree of it reads: no table that a tree shows is missed, what the
 * audit log keeps of it is JSON of the wanted size. The first byte of the input chooses the
 * operation.
 */
public final class RequestBodyTarget implements FuzzTarget {
  private static final AwsHome HOME = new AwsHome("aws", "us-east-1", "123456789012");
  private static final JsonMapper TREES = new JsonMapper();
  private static final int KEPT_BYTES = 512;
  private static final int KEPT_DEPTH = 8;

  private final List<Operation> operations =
      Operations.all().stream().sorted(Comparator.comparing(Operation::target)).toList();

  @Override
  public boolean takes(byte[] input) {
    if (input.length == 0) {
      return false;
    }
    Operation operation = operations.get((input[0] & 0xFF) % operations.size());
    byte[] body = Arrays.copyOfRange(input, 1, input.length);
    return switch (RequestSummary.of(operation, body, HOME)) {
      case RequestReading.Unreadable _ -> false;
      case RequestReading.Ambiguous _ -> {
        kept(body, TREES.readTree(body));
        assertThat(RequestContent.of(body).toString()).isNotEmpty();
        yield true;
      }
      case RequestSummary summary -> {
        JsonNode tree = TREES.readTree(body);
        if (summary.knowledge() == TableKnowledge.COMPLETE) {
          assertThat(names(summary)).containsAll(atTheTop(operation, tree));
        }
        kept(body, tree);
        assertThat(RequestContent.of(body).toString()).isNotEmpty();
        yield true;
      }
    };
  }

  private static Set<String> names(RequestSummary summary) {
    return summary.tables().stream().map(TableRef::name).collect(Collectors.toSet());
  }

  /** The table that stands in a field of its own, where the operation has one. */
  private static Set<String> atTheTop(Operation operation, JsonNode tree) {
    Set<String> names = new TreeSet<>();
    JsonNode value = tree.get("TableName");
    boolean known = Operations.tableFields(operation).member("TableName").isPresent();
    if (known && value != null && value.isString()) {
      Optional<TableRef> table = TableRef.parse(value.stringValue(), HOME);
      table.ifPresent(ref -> names.add(ref.name()));
    }
    return names;
  }

  private static void kept(byte[] body, JsonNode tree) {
    BoundedBody kept = BoundedBody.of(body, KEPT_BYTES, KEPT_DEPTH);
    assertThat(kept.json().getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(KEPT_BYTES);
    try {
      JsonNode read = TREES.readTree(kept.json());
      if (!kept.cut()) {
        assertThat(read).isEqualTo(tree);
      }
    } catch (JacksonException e) {
      throw new AssertionError("not JSON: " + kept.json(), e);
    }
  }
}
