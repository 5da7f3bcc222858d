package dev.sallyport.auth;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/// Names for clusters that were given none.
final class ClusterNames {
  private static final Pattern USABLE = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?");
  private static final int SUFFIX_BYTES = 4;

  private ClusterNames() {}

  /// The node's name where it can be one, otherwise a random one.
  static String generate(String nodeName, SecureRandom random) {
    var name = nodeName.toLowerCase(Locale.ROOT);
    if (USABLE.matcher(name).matches() && !name.contains("..") && !name.equals("localhost")) {
      return name;
    }
    var bytes = new byte[SUFFIX_BYTES];
    random.nextBytes(bytes);
    return "cluster-" + HexFormat.of().formatHex(bytes);
  }
}
