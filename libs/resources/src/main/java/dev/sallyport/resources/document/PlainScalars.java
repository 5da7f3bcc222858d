package dev.sallyport.resources.document;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// What text without quotes means.
final class PlainScalars {
  private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]{0,17})");
  private static final Pattern DECIMAL =
      Pattern.compile("-?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,18})?([eE][-+]?[0-9]{1,3})?");

  private PlainScalars() {}

  static Object value(DocumentNode.Text text) {
    var written = text.value();
    if (!text.plain()) {
      return written;
    }
    if (written.equalsIgnoreCase("true") || written.equalsIgnoreCase("false")) {
      return Boolean.valueOf(written);
    }
    if (WHOLE.matcher(written).matches()) {
      return Long.valueOf(written);
    }
    return DECIMAL.matcher(written).matches() ? new BigDecimal(written) : written;
  }

  /// Yes and no in all spellings that config files use, quoted or not.
  static Optional<Boolean> flag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on", "1", "y", "t" -> Optional.of(true);
      case "false", "no", "off", "0", "n", "f" -> Optional.of(false);
      default -> Optional.empty();
    };
  }
}
