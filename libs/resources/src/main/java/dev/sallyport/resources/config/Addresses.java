package dev.sallyport.resources.config;

import dev.sallyport.model.HostPort;
import dev.sallyport.model.Quoted;
import dev.sallyport.resources.document.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads network addresses out of fields.
final class Addresses {
  private Addresses() {}

  static Optional<HostPort> one(Fields fields, String field, int usualPort) {
    return fields
        .text(field)
        .filter(text -> !text.isEmpty())
        .flatMap(text -> told(fields, field, text, HostPort.parse(text, usualPort)));
  }

  static HostPort listen(Fields fields, String field, int usualPort) {
    return fields
        .text(field)
        .filter(text -> !text.isEmpty())
        .flatMap(text -> told(fields, field, text, HostPort.parseListen(text, usualPort)))
        .orElseGet(() -> new HostPort("0.0.0.0", usualPort));
  }

  static List<HostPort> many(Fields fields, String field, int usualPort) {
    var addresses = new ArrayList<HostPort>();
    for (var text : fields.texts(field)) {
      told(fields, field, text, HostPort.parse(text, usualPort)).ifPresent(addresses::add);
    }
    return addresses;
  }

  private static Optional<HostPort> told(
      Fields fields, String field, String text, Optional<HostPort> address) {
    if (address.isEmpty()) {
      var hint = text.contains("://") ? "host:port, without " : "host:port";
      var scheme = text.contains("://") ? text.substring(0, text.indexOf("://") + 3) : "";
      fields.fault(field, "%s (expected: %s)".formatted(Quoted.of(text), hint + scheme));
    }
    return address;
  }
}
