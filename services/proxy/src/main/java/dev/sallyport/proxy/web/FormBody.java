package dev.sallyport.proxy.web;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The fields of a posted `application/x-www-form-urlencoded` form. A name may stand once only: two
/// readers of a form must not see different values.
final class FormBody {
  /// The media type of a form.
  static final String MEDIA_TYPE = "application/x-www-form-urlencoded";

  private static final int FIELDS_MAX = 16;

  private final Map<String, String> fields;

  private FormBody(Map<String, String> fields) {
    this.fields = fields;
  }

  /// Reads a form.
  ///
  /// @throws BadRequest when it is not one
  static FormBody parse(byte[] body) {
    var fields = new LinkedHashMap<String, String>();
    var text = new String(body, StandardCharsets.US_ASCII);
    if (text.isEmpty()) {
      return new FormBody(fields);
    }
    for (var pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      var name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      var value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
      if (fields.put(name, value) != null) {
        throw new BadRequest("form: a field stands twice");
      }
      if (fields.size() > FIELDS_MAX) {
        throw new BadRequest("form: more than " + FIELDS_MAX + " fields");
      }
    }
    return new FormBody(fields);
  }

  private static String decoded(String encoded) {
    try {
      return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new BadRequest("form: a broken percent escape");
    }
  }

  /// The value of a field, when the form has it.
  Optional<String> field(String name) {
    return Optional.ofNullable(fields.get(name));
  }
}
