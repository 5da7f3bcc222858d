package dev.sallyport.sigv4;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The one spelling of a request that both sides hash. See [Create a canonical
/// request](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
///
/// @param text the canonical request
/// @param signedHeaders the names that it covers, lower case, sorted, joined by `;`
record CanonicalRequest(String text, String signedHeaders) {

  /// Names that a hop may add, change or drop; a signature over them breaks on the way. Lower case.
  static final Set<String> NEVER_SIGNED =
      Set.of(
          "connection",
          "expect",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "user-agent",
          "x-amzn-trace-id");

  /// Spells the request.
  ///
  /// @param added headers of the signature itself, signed after those of the request
  static CanonicalRequest of(RequestToSign request, Collection<Header> added) {
    Map<String, String> values = new TreeMap<>();
    values.put("host", collapse(request.host()));
    for (Header header : request.headers()) {
      String name = header.name().toLowerCase(Locale.ROOT);
      if (!NEVER_SIGNED.contains(name)) {
        values.merge(name, collapse(header.value()), (a, b) -> a + "," + b);
      }
    }
    for (Header header : added) {
      values.put(header.name().toLowerCase(Locale.ROOT), collapse(header.value()));
    }
    String line = request.method() + '\n' + spelled(request.path(), request.query());
    return of(line, values, HexFormat.of().formatHex(request.bodySha256()));
  }

  /// Spells a received request over the headers that its sender has signed.
  ///
  /// @param signed their names, lower case and sorted
  /// @throws IllegalArgumentException for a query that is not well-formed
  static CanonicalRequest ofSigned(SignedHead head, List<String> signed, String bodyHash) {
    Map<String, String> values = new TreeMap<>();
    for (Header header : head.headers()) {
      String name = header.name().toLowerCase(Locale.ROOT);
      if (signed.contains(name)) {
        values.merge(name, collapse(header.value()), (a, b) -> a + "," + b);
      }
    }
    return of(head.method() + '\n' + spelled(head.path(), head.query()), values, bodyHash);
  }

  private static CanonicalRequest of(String line, Map<String, String> values, String bodyHash) {
    String names = String.join(";", values.keySet());
    int length = line.length() + names.length() + bodyHash.length() + 2;
    for (var header : values.entrySet()) {
      length += header.getKey().length() + header.getValue().length() + 2;
    }
    StringBuilder text = new StringBuilder(length).append(line);
    values.forEach((name, value) -> text.append(name).append(':').append(value).append('\n'));
    text.append('\n').append(names).append('\n').append(bodyHash);
    return new CanonicalRequest(text.toString(), names);
  }

  private static String spelled(String path, String query) {
    StringBuilder text = new StringBuilder();
    appendPath(text, path);
    text.append('\n');
    appendQuery(text, query);
    return text.append('\n').toString();
  }

  /// Dot segments resolved and empty segments dropped, then each segment encoded once more than on
  /// the wire.
  private static void appendPath(StringBuilder to, String path) {
    if (path.equals("/")) {
      to.append('/');
      return;
    }
    List<String> kept = new ArrayList<>();
    for (String segment : path.split("/")) {
      switch (segment) {
        case "", "." -> {}
        case ".." -> {
          if (!kept.isEmpty()) {
            kept.removeLast();
          }
        }
        default -> kept.add(segment);
      }
    }
    for (String segment : kept) {
      to.append('/');
      appendEncoded(to, segment.getBytes(StandardCharsets.UTF_8));
    }
    boolean folder = path.endsWith("/") || path.endsWith("/.") || path.endsWith("/..");
    if (kept.isEmpty() || folder) {
      to.append('/');
    }
  }

  private static void appendQuery(StringBuilder to, String query) {
    if (query.isEmpty()) {
      return;
    }
    record Parameter(String name, String value) {}
    List<Parameter> parameters = new ArrayList<>();
    for (String pair : query.split("&")) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      parameters.add(new Parameter(recode(name), recode(value)));
    }
    parameters.sort(Comparator.comparing(Parameter::name).thenComparing(Parameter::value));
    String separator = "";
    for (Parameter parameter : parameters) {
      to.append(separator).append(parameter.name()).append('=').append(parameter.value());
      separator = "&";
    }
  }

  /// Decodes what is percent-encoded and encodes it in the one way that AWS expects.
  private static String recode(String text) {
    byte[] raw = text.getBytes(StandardCharsets.UTF_8);
    byte[] decoded = new byte[raw.length];
    int length = 0;
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] != '%') {
        decoded[length++] = raw[i];
        continue;
      }
      if (i + 2 >= raw.length
          || !HexFormat.isHexDigit(raw[i + 1])
          || !HexFormat.isHexDigit(raw[i + 2])) {
        throw new IllegalArgumentException("query: '%' without two hex digits");
      }
      decoded[length++] =
          (byte) (HexFormat.fromHexDigit(raw[i + 1]) << 4 | HexFormat.fromHexDigit(raw[i + 2]));
      i += 2;
    }
    StringBuilder encoded = new StringBuilder(length + 8);
    appendEncoded(encoded, java.util.Arrays.copyOf(decoded, length));
    return encoded.toString();
  }

  private static void appendEncoded(StringBuilder to, byte[] bytes) {
    HexFormat upper = HexFormat.of().withUpperCase();
    for (byte b : bytes) {
      if (isUnreserved(b)) {
        to.append((char) b);
      } else {
        upper.toHexDigits(to.append('%'), b);
      }
    }
  }

  private static boolean isUnreserved(byte b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == '-'
        || b == '.'
        || b == '_'
        || b == '~';
  }

  /// Trims, and makes one space of each run of spaces or tabs.
  static String collapse(String value) {
    // Searches of the machine's own, since a session token has a thousand characters.
    if (value.indexOf('\t') < 0
        && !value.contains("  ")
        && !value.startsWith(" ")
        && !value.endsWith(" ")) {
      return value;
    }
    StringBuilder collapsed = new StringBuilder(value.length());
    boolean space = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == ' ' || c == '\t') {
        space = !collapsed.isEmpty();
        continue;
      }
      if (space) {
        collapsed.append(' ');
        space = false;
      }
      collapsed.append(c);
    }
    return collapsed.toString();
  }
}
