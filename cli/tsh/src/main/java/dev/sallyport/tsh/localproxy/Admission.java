package dev.sallyport.tsh.localproxy;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Who is let in at a local proxy's door. The standard lets in programs of this machine and no web
/// page; everything beyond it is named one by one.
///
/// @param hosts further values of `Host`, lower case, as {@link #host} checks them
/// @param origins web origins whose pages may send requests, as {@link #origin} checks them
/// @param anywhere whether the listener may be reached from other machines
/// @param gate what checks the client's own signature, in strict mode
public record Admission(
    Set<String> hosts, Set<String> origins, boolean anywhere, Optional<SignatureGate> gate) {
  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9a-f:.]+]|[a-z0-9]([-a-z0-9.]*[a-z0-9])?)(:[1-9][0-9]{0,4})?");
  private static final Pattern ORIGIN =
      Pattern.compile(
          "[a-z][-+.a-z0-9]*://(\\[[0-9a-f:.]+]|[a-z0-9]([-a-z0-9.]*[a-z0-9])?)(:\\d+)?");
  private static final int NAME_LENGTH_MAX = 255;

  /// Copies the sets.
  public Admission {
    hosts = Set.copyOf(hosts);
    origins = Set.copyOf(origins);
  }

  /// Programs of this machine alone.
  public static Admission standard() {
    return new Admission(Set.of(), Set.of(), false, Optional.empty());
  }

  /// A name or address that clients may write in `Host`, with a port if it is not the listener's.
  ///
  /// @throws IllegalArgumentException for anything else, such as a wildcard
  public static String host(String text) {
    var lower = text.toLowerCase(Locale.ROOT);
    if (lower.length() > NAME_LENGTH_MAX || !HOST.matcher(lower).matches()) {
      throw new IllegalArgumentException(
          text + " (expected: one host name or address, such as host.docker.internal)");
    }
    return lower;
  }

  /// A web origin, exactly as browsers write it.
  ///
  /// @throws IllegalArgumentException for anything else, such as `null` or `*`
  public static String origin(String text) {
    if (text.length() > NAME_LENGTH_MAX || !ORIGIN.matcher(text).matches()) {
      throw new IllegalArgumentException(
          text
              + " (expected: one origin as the browser writes it, such as"
              + " https://tools.example.com; never null or *)");
    }
    return text;
  }
}
