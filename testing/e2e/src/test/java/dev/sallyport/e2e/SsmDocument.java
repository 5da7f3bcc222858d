package dev.sallyport.e2e;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A document of Systems Manager of type Command, read as the service reads it. */
record SsmDocument(Map<String, Parameter> parameters, List<String> runCommand) {
  private static final Pattern PLACE = Pattern.compile("\\{\\{ *([A-Za-z0-9]+) *}}");

  /** A parameter, whose values must match the pattern. */
  record Parameter(String value, Pattern allowed) {}

  /** Fails on whatever the service would refuse, as far as its documentation tells. */
  static SsmDocument read(String text) {
    Map<?, ?> root = map(new Load(LoadSettings.builder().build()).loadFromString(text));
    only(root, "schemaVersion", "description", "parameters", "mainSteps");
    require("2.2".equals(root.get("schemaVersion")), "schemaVersion is the text 2.2");
    Map<String, Parameter> parameters = new HashMap<>();
    map(root.get("parameters"))
        .forEach((name, parameter) -> parameters.put(text(name), parameter(map(parameter))));
    List<?> steps = (List<?>) Objects.requireNonNull(root.get("mainSteps"), "mainSteps");
    require(steps.size() == 1, "one step");
    Map<?, ?> step = map(steps.getFirst());
    only(step, "action", "name", "precondition", "inputs");
    require("aws:runShellScript".equals(step.get("action")), "the action runs a script");
    require(text(step.get("name")).matches("[A-Za-z0-9_]{3,128}"), "the name of the step");
    require(
        map(step.get("precondition"))
            .equals(Map.of("StringEquals", List.of("platformType", "Linux"))),
        "runs on Linux alone");
    Map<?, ?> inputs = map(step.get("inputs"));
    only(inputs, "timeoutSeconds", "runCommand");
    require(text(inputs.get("timeoutSeconds")).matches("[0-9]+"), "seconds, as a text");
    List<?> lines = (List<?>) Objects.requireNonNull(inputs.get("runCommand"), "runCommand");
    return new SsmDocument(parameters, lines.stream().map(SsmDocument::text).toList());
  }

  private static Parameter parameter(Map<?, ?> parameter) {
    only(parameter, "type", "description", "default", "allowedPattern");
    require("String".equals(parameter.get("type")), "parameters are texts");
    return new Parameter(
        text(parameter.get("default")), Pattern.compile(text(parameter.get("allowedPattern"))));
  }

  /** A parameter that it has. */
  Parameter parameter(String name) {
    return Objects.requireNonNull(parameters.get(name), name);
  }

  /** The script with these parameters, and the usual values of the others. */
  String script(Map<String, String> values) {
    Matcher places = PLACE.matcher(String.join("\n", runCommand) + "\n");
    return places.replaceAll(place -> {
      String name = place.group(1);
      Parameter parameter = parameter(name);
      String value = values.getOrDefault(name, parameter.value());
      require(parameter.allowed().matcher(value).find(), name + " takes " + value);
      return Matcher.quoteReplacement(value);
    });
  }

  /** The parameters that the script uses. */
  List<String> used() {
    return PLACE
        .matcher(String.join("\n", runCommand))
        .results()
        .map(place -> place.group(1))
        .distinct()
        .collect(Collectors.toList());
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return (Map<?, ?>) Objects.requireNonNull(value, "a map");
  }

  private static String text(@Nullable Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw new AssertionError("the document needs: a text, not " + value);
  }

  private static void only(Map<?, ?> map, String... keys) {
    require(List.of(keys).containsAll(map.keySet()), "no other keys than " + List.of(keys));
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError("the document needs: " + what);
    }
  }
}
