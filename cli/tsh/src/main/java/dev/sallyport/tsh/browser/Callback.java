package dev.sallyport.tsh.browser;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/// What a browser asked of the port.
sealed interface Callback {
  /// It brings something that may be the sealed answer.
  record Answer(String sealed) implements Callback {}

  /// The user rejected.
  record Rejected() implements Callback {}

  /// Anything else: another program, or a page that tries ports.
  record Other() implements Callback {}

  /// Reads the first line of a request.
  ///
  /// @param host what its `Host` header must be: a page that made a name point here has another one
  static Callback parse(String head, String host) {
    var lines = head.split("\r\n", -1);
    var words = lines[0].split(" ", -1);
    if (words.length != 3 || !words[0].equals("GET") || !words[2].startsWith("HTTP/1.")) {
      return new Other();
    }
    var hosts = 0;
    for (var i = 1; i < lines.length; i++) {
      var colon = lines[i].indexOf(':');
      if (colon > 0 && lines[i].substring(0, colon).equalsIgnoreCase("host")) {
        hosts += lines[i].substring(colon + 1).strip().equals(host) ? 1 : 2;
      }
    }
    var query = words[1].indexOf('?');
    if (hosts != 1 || query < 0 || !words[1].substring(0, query).equals("/callback")) {
      return new Other();
    }
    for (var field : words[1].substring(query + 1).split("&", -1)) {
      var equals = field.indexOf('=');
      var name = equals < 0 ? field : field.substring(0, equals);
      if (name.equals("response")) {
        return answer(field.substring(equals + 1));
      }
      if (field.equals("error=rejected")) {
        return new Rejected();
      }
    }
    return new Other();
  }

  private static Callback answer(String text) {
    try {
      return new Answer(URLDecoder.decode(text, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return new Other();
    }
  }
}
