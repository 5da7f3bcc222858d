package dev.sallyport.fuzz;

import dev.sallyport.policy.language.Condition;
import dev.sallyport.policy.language.InvalidExpression;
import dev.sallyport.policy.language.Undecided;
import dev.sallyport.policy.language.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Conditions are refused, hold, hold not, or can't be decided; nothing else. */
final class ConditionTarget implements FuzzTarget {
  private record World(Map<String, String> labels, Map<String, List<String>> traits) {}

  private static final World WORLD =
      new World(
          Map.of("env", "dev", "team", "blue"),
          Map.of("team", List.of("blue", "green"), "email", List.of("Alice@example.com")));
  private static final Vocabulary<World> VOCABULARY =
      Vocabulary.withLabels(World::labels)
          .text("user.metadata.name", _ -> "alice")
          .texts("user.spec.roles", _ -> List.of("access"))
          .textsMap("user.spec.traits", World::traits);

  @Override
  public boolean takes(byte[] input) {
    Condition<World> condition;
    try {
      condition = Condition.parse(new String(input, StandardCharsets.UTF_8), VOCABULARY);
    } catch (InvalidExpression expected) {
      return false;
    }
    try {
      condition.holds(WORLD);
    } catch (Undecided expected) {
      // Taken all the same.
    }
    return true;
  }
}
