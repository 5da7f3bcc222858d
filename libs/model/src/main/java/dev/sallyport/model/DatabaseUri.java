package dev.sallyport.model;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/// Where a database is, as its `uri` says it: `[scheme://]host[:port]`.
///
/// @param scheme `https` unless the text says `http`; `aws` when the text stands for the endpoint
///   that AWS's rules give, which is then used instead
/// @param host in lower case; an IPv6 address without its brackets
public record DatabaseUri(String scheme, String host, OptionalInt port) {
  private static final int MAX_LENGTH = 512;
  private static final Pattern FORM =
      Pattern.compile(
          "(?:([A-Za-z][A-Za-z0-9+.-]{0,15})://)?"
              + "(?:\\[([0-9A-Fa-f:.]{2,45})]|([A-Za-z0-9._-]{1,253}))"
              + "(?::([0-9]{1,5}))?/?");

  /// Reads the text; empty when it is no address of the form above.
  public static Optional<DatabaseUri> parse(String text) {
    if (text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    var form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    var scheme = form.group(1) == null ? "https" : form.group(1).toLowerCase(Locale.ROOT);
    var name = form.group(2) != null ? form.group(2) : form.group(3);
    var port =
        form.group(4) == null
            ? OptionalInt.empty()
            : OptionalInt.of(Integer.parseInt(form.group(4)));
    var known = scheme.equals("https") || scheme.equals("http") || scheme.equals("aws");
    if (!known || name == null || (port.isPresent() && !isPort(port.getAsInt()))) {
      return Optional.empty();
    }
    return Optional.of(new DatabaseUri(scheme, name.toLowerCase(Locale.ROOT), port));
  }

  private static boolean isPort(int port) {
    return port >= 1 && port <= 65_535;
  }

  /// Whether the host is one of AWS's.
  public boolean isAws() {
    return AwsPartition.suffixOf(host).isPresent();
  }

  /// What the host's name says when it is a DynamoDB, Streams or DAX endpoint of AWS.
  public Optional<AwsEndpointName> endpointName() {
    return AwsEndpointName.parse(host);
  }
}
