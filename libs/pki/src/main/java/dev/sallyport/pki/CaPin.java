package dev.sallyport.pki;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/// The fingerprint of an authority's public key, `sha256:` and 64 hexadecimal digits over its
/// SubjectPublicKeyInfo. Whoever knows it over another way can trust that authority at first sight.
public record CaPin(String text) {
  private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");

  /// Refuses every other form; see [#parse] for text from outside.
  public CaPin {
    if (!FORM.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "a CA pin is 'sha256:' and 64 hexadecimal digits, as 'tctl status' prints it");
    }
  }

  /// The pin of an authority.
  public static CaPin of(X509Certificate authority) {
    return new CaPin("sha256:" + sha256(authority.getPublicKey().getEncoded()));
  }

  /// The pin of that text; upper case and surrounding white space are forgiven.
  public static CaPin parse(String text) {
    return new CaPin(text.strip().toLowerCase(Locale.ROOT));
  }

  /// Whether this is the pin of the authority. Takes the same time wherever they differ.
  public boolean matches(X509Certificate authority) {
    return MessageDigest.isEqual(
        text.getBytes(StandardCharsets.US_ASCII),
        of(authority).text().getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public String toString() {
    return text;
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
