package dev.sallyport.diagnostics;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// Measurements in Prometheus' text format, version 0.0.4. One thread writes one text.
///
/// A label's value is a constant of an enum, so nothing that a user, a client or AWS wrote can
/// become one: the number of time series is fixed when the program is compiled.
///
/// @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">the format</a>
public final class MetricText {
  private final StringBuilder text = new StringBuilder();
  private final Set<String> families = new HashSet<>();

  /// A label of a sample.
  public record Label(String name, Enum<?> value) {
    @Override
    public String toString() {
      return name + "=\"" + value.name().toLowerCase(Locale.ROOT) + "\"";
    }
  }

  /// Begins a family whose values only grow.
  public Family counter(String name, String help) {
    return family(name, "counter", help);
  }

  /// Begins a family whose values go up and down.
  public Family gauge(String name, String help) {
    return family(name, "gauge", help);
  }

  /// Writes a whole family: one histogram for each constant.
  public <E extends Enum<E>> void histograms(
      String name, String help, String label, Histograms<E> all) {
    var family = family(name, "histogram", help);
    all.forEach((constant, histogram) -> histogram.write(family, new Label(label, constant)));
  }

  /// Writes a whole family: one counter for each constant.
  public <E extends Enum<E>> void counters(
      String name, String help, String label, Counters<E> all) {
    var family = counter(name, help);
    all.forEach((constant, count) -> family.sample(count, new Label(label, constant)));
  }

  private Family family(String name, String type, String help) {
    if (!name.matches("[a-z][a-z0-9_]*") || !families.add(name)) {
      throw new IllegalArgumentException(
          "a family named " + name + " (expected: a name of its own, in lower case)");
    }
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    return new Family(name);
  }

  /// What was written so far.
  @Override
  public String toString() {
    return text.toString();
  }

  /// Samples of one name. Used up before the next family begins.
  public final class Family {
    private final String name;

    private Family(String name) {
      this.name = name;
    }

    /// Adds a sample.
    public Family sample(long value, Label... labels) {
      return add("", value, String.join(",", strings(labels)));
    }

    /// Adds a sample that is no whole number.
    public Family sample(double value, Label... labels) {
      return add("", value, String.join(",", strings(labels)));
    }

    Family add(String suffix, Number value, String labels) {
      text.append(name).append(suffix);
      if (!labels.isEmpty()) {
        text.append('{').append(labels).append('}');
      }
      text.append(' ').append(value).append('\n');
      return this;
    }

    private static String[] strings(Label[] labels) {
      var texts = new String[labels.length];
      for (int i = 0; i < labels.length; i++) {
        texts[i] = labels[i].toString();
      }
      return texts;
    }
  }
}
