package dev.sallyport.agent.http;

import dev.sallyport.sigv4.Header;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Parses the head of one request, from its first byte to the empty line, by the strict reading of
/// RFC 9112. Whatever the RFC lets a recipient mend or guess is refused here: a bare CR or LF, a
/// folded line, a space before the colon, a list of lengths, a length beside a transfer coding, any
/// coding but `chunked` (threats: request smuggling).
final class HeadParser {
  static final int MAX_HEADERS = 128;

  private static final int MAX_METHOD = 20;
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,10}");
  private static final Pattern AUTHORITY = Pattern.compile("[A-Za-z0-9.\\-_~%:\\[\\]]{1,255}");

  private HeadParser() {}

  /// How the body is framed.
  enum Framing {
    NONE,
    SIZED,
    CHUNKED
  }

  /// @param length of a [Framing#SIZED] body
  /// @param expects whether the client waits for `100 Continue`
  record Parsed(RequestHead head, Framing framing, long length, boolean expects) {}

  /// @param bytes the head with its last empty line; every LF in it already known to follow a CR
  /// @throws BrokenRequest if it is not a head that everybody reads alike
  static Parsed parse(byte[] bytes) throws BrokenRequest {
    var lines = lines(bytes);
    var request = requestLine(lines.getFirst());
    var headers = new ArrayList<Header>(lines.size() - 1);
    for (var line : lines.subList(1, lines.size())) {
      headers.add(header(line));
    }
    if (headers.size() > MAX_HEADERS) {
      throw new BrokenRequest(
          RequestFault.Kind.HEAD_TOO_LARGE, "more than " + MAX_HEADERS + " headers");
    }
    var head =
        new RequestHead(
            request.method,
            request.path,
            request.query,
            request.http11,
            keepAlive(request.http11, headers),
            headers);
    if (request.http11 && head.count("Host") != 1) {
      throw malformed("a request has exactly one Host header");
    }
    return framed(head);
  }

  private static List<String> lines(byte[] bytes) {
    var text = new String(bytes, StandardCharsets.ISO_8859_1);
    var lines = new ArrayList<String>();
    for (int start = 0; start < text.length() - 2; ) {
      int end = text.indexOf("\r\n", start);
      lines.add(text.substring(start, end));
      start = end + 2;
    }
    if (lines.isEmpty()) {
      lines.add("");
    }
    return lines;
  }

  private record RequestLine(String method, String path, String query, boolean http11) {}

  private static RequestLine requestLine(String line) throws BrokenRequest {
    int first = line.indexOf(' ');
    int second = line.indexOf(' ', first + 1);
    if (first < 1 || second < 0 || line.indexOf(' ', second + 1) >= 0) {
      throw malformed("the request line is not METHOD SP TARGET SP VERSION");
    }
    var method = line.substring(0, first);
    if (method.length() > MAX_METHOD || !Header.isToken(method)) {
      throw malformed("the method is not a token of at most " + MAX_METHOD + " characters");
    }
    boolean http11 =
        switch (line.substring(second + 1)) {
          case "HTTP/1.1" -> true;
          case "HTTP/1.0" -> false;
          default -> throw malformed("the version is neither HTTP/1.1 nor HTTP/1.0");
        };
    var target = originForm(line.substring(first + 1, second));
    int mark = target.indexOf('?');
    return mark < 0
        ? new RequestLine(method, target, "", http11)
        : new RequestLine(method, target.substring(0, mark), target.substring(mark + 1), http11);
  }

  /// RFC 9112 section 3.2.2 has servers take the absolute form. Its authority says nothing about
  /// where the request goes.
  private static String originForm(String target) throws BrokenRequest {
    for (int i = 0; i < target.length(); i++) {
      if (target.charAt(i) <= 0x20 || target.charAt(i) >= 0x7f || target.charAt(i) == '#') {
        throw malformed("the request target holds a character that must be escaped");
      }
    }
    if (target.startsWith("/")) {
      return target;
    }
    var lower = target.toLowerCase(Locale.ROOT);
    int start = lower.startsWith("http://") ? 7 : lower.startsWith("https://") ? 8 : -1;
    if (start < 0) {
      throw malformed("the request target is neither a path nor an http address");
    }
    int end = start;
    while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
      end++;
    }
    if (!AUTHORITY.matcher(target.substring(start, end)).matches()) {
      throw malformed("the request target's host is not one");
    }
    var rest = target.substring(end);
    return rest.startsWith("/") ? rest : "/" + rest;
  }

  private static Header header(String line) throws BrokenRequest {
    if (line.charAt(0) == ' ' || line.charAt(0) == '\t') {
      throw malformed("a header line is folded");
    }
    int colon = Math.max(0, line.indexOf(':'));
    int start = colon + 1;
    int end = line.length();
    while (start < end && isBlank(line.charAt(start))) {
      start++;
    }
    while (end > start && isBlank(line.charAt(end - 1))) {
      end--;
    }
    var name = line.substring(0, colon);
    try {
      // It looks at each character.
      return new Header(name, line.substring(start, end));
    } catch (IllegalArgumentException e) {
      throw malformed(
          Header.isToken(name)
              ? "a header's value holds a control character"
              : "a header's name is not a token followed by a colon");
    }
  }

  private static boolean keepAlive(boolean http11, List<Header> headers) {
    boolean close = false;
    boolean keep = false;
    for (var header : headers) {
      if (header.name().equalsIgnoreCase("Connection")) {
        for (var option : header.value().split(",", -1)) {
          close |= option.strip().equalsIgnoreCase("close");
          keep |= option.strip().equalsIgnoreCase("keep-alive");
        }
      }
    }
    return !close && (http11 || keep);
  }

  private static Parsed framed(RequestHead head) throws BrokenRequest {
    int codings = head.count("Transfer-Encoding");
    int lengths = head.count("Content-Length");
    boolean expects = expects(head);
    if (codings > 0) {
      if (lengths > 0) {
        throw malformed("Content-Length and Transfer-Encoding in one request");
      }
      if (codings > 1
          || !head.http11()
          || !head.header("Transfer-Encoding").orElse("").equalsIgnoreCase("chunked")) {
        throw malformed("a Transfer-Encoding that is not one \"chunked\" of HTTP/1.1");
      }
      return new Parsed(head, Framing.CHUNKED, 0, expects);
    }
    if (lengths == 0) {
      return new Parsed(head, Framing.NONE, 0, false);
    }
    var length = head.header("Content-Length").orElse("");
    if (lengths > 1 || !DIGITS.matcher(length).matches()) {
      throw malformed("Content-Length is not one number of at most ten digits");
    }
    long bytes = Long.parseLong(length);
    return new Parsed(head, bytes == 0 ? Framing.NONE : Framing.SIZED, bytes, expects && bytes > 0);
  }

  private static boolean expects(RequestHead head) throws BrokenRequest {
    int count = head.count("Expect");
    if (count == 0) {
      return false;
    }
    if (count > 1 || !head.header("Expect").orElse("").equalsIgnoreCase("100-continue")) {
      throw new BrokenRequest(
          RequestFault.Kind.EXPECTATION_FAILED, "an Expect other than 100-continue");
    }
    // RFC 9110 section 10.1.1: an HTTP/1.0 client cannot mean it.
    return head.http11();
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private static BrokenRequest malformed(String detail) {
    return new BrokenRequest(RequestFault.Kind.MALFORMED, detail);
  }
}
