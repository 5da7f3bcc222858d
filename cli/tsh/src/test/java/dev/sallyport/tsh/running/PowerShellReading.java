package dev.sallyport.tsh.running;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads as much of PowerShell as `tsh` prints, by that language's rules of tokens: assignments of
/// verbatim strings to variables of the environment, and their removal. Anything else is an error:
/// a value that got out of its quotes would be such.
final class PowerShellReading {
  private static final Pattern ASSIGNMENT = Pattern.compile("\\$env:([A-Za-z_]+) = ");
  private static final Pattern REMOVAL =
      Pattern.compile("Remove-Item Env:([A-Za-z_]+) -ErrorAction SilentlyContinue");

  /// All of them begin a verbatim string, end it, and stand for themselves when doubled; the two of
  /// a double need not be the same, then the second one counts.
  private static final String QUOTES = "'\u2018\u2019\u201a\u201b";

  final Map<String, String> set = new HashMap<>();
  final Set<String> removed = new HashSet<>();
  private final String text;
  private int at;

  private PowerShellReading(String text) {
    this.text = text;
  }

  static PowerShellReading of(String text) {
    var reading = new PowerShellReading(text);
    while (reading.at < text.length()) {
      reading.statement();
    }
    return reading;
  }

  private void statement() {
    var removal = here(REMOVAL);
    if (removal.lookingAt()) {
      at = removal.end();
      removed.add(removal.group(1));
    } else {
      var assignment = here(ASSIGNMENT);
      if (!assignment.lookingAt()) {
        throw unexpected();
      }
      at = assignment.end();
      set.put(assignment.group(1), verbatim());
    }
    if (at >= text.length() || text.charAt(at) != '\n') {
      throw unexpected();
    }
    at++;
  }

  private String verbatim() {
    if (!quoteAt(at)) {
      throw unexpected();
    }
    at++;
    var value = new StringBuilder();
    while (at < text.length()) {
      if (quoteAt(at)) {
        at++;
        if (!quoteAt(at)) {
          return value.toString();
        }
      }
      value.append(text.charAt(at++));
    }
    throw unexpected();
  }

  private boolean quoteAt(int index) {
    return index < text.length() && QUOTES.indexOf(text.charAt(index)) >= 0;
  }

  private Matcher here(Pattern pattern) {
    return pattern.matcher(text).region(at, text.length());
  }

  private IllegalArgumentException unexpected() {
    return new IllegalArgumentException("at " + at + " of: " + text);
  }
}
