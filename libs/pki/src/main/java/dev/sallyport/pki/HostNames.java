package dev.sallyport.pki;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Whether a public certificate is for a host, by RFC 6125 as browsers do it: only the subject's
/// alternative names count, and a wildcard stands for one whole left-most label above at least two.
final class HostNames {
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

  private HostNames() {}

  /// `host` is a DNS name or an address, with or without the brackets of a URL.
  static boolean matches(X509Certificate certificate, String host) {
    Collection<List<?>> names;
    try {
      names = certificate.getSubjectAlternativeNames();
    } catch (CertificateParsingException e) {
      return false;
    }
    if (names == null) {
      return false;
    }
    var bare =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    var address = isAddress(bare);
    for (var name : names) {
      if (name.get(0) instanceof Integer type && name.get(1) instanceof String value) {
        if (address
            ? type == IP_ADDRESS && sameAddress(value, bare)
            : type == DNS_NAME && covers(value, bare)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isAddress(String host) {
    return host.indexOf(':') >= 0 || IPV4.matcher(host).matches();
  }

  private static boolean sameAddress(String one, String other) {
    try {
      return InetAddress.ofLiteral(one).equals(InetAddress.ofLiteral(other));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean covers(String pattern, String host) {
    var wanted = trimDot(host);
    var given = trimDot(pattern);
    if (!given.startsWith("*.")) {
      return !given.contains("*") && given.equals(wanted);
    }
    var suffix = given.substring(1);
    var label = wanted.indexOf('.');
    return !suffix.contains("*")
        && suffix.indexOf('.', 1) > 0
        && label > 0
        && wanted.substring(label).equals(suffix);
  }

  private static String trimDot(String name) {
    var lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }
}
