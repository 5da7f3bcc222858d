package dev.sallyport.pki;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Arrays;

/// The one private extension of our certificates: a version and a claim as JSON text in a DER
/// UTF8String. Reading accepts only the bytes that writing makes for the same claim, so no two
/// readers can understand one certificate in two ways.
///
/// The object identifier lies in an arc that no registry assigns; only certificates of the
/// cluster's own authorities are ever read.
public final class IdentityExtension {
  /// The extension's object identifier.
  public static final String OID = "1.3.9999.25.1";

  /// The most bytes of JSON; with more, handshake messages of peers would get too large.
  public static final int MAX_BYTES = 16 * 1024;

  private static final int UTF8_STRING = 0x0c;
  private static final int OCTET_STRING = 0x04;

  private IdentityExtension() {}

  /// The extension's value for a claim. Refuses claims that reading would refuse.
  public static byte[] encode(CertificateClaim claim) {
    var json = ClaimJson.write(claim);
    if (json.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "the identity takes "
              + json.length
              + " bytes in a certificate, more than "
              + MAX_BYTES
              + "; give the user fewer roles or traits");
    }
    var der = wrap(UTF8_STRING, json);
    try {
      decode(der);
    } catch (InvalidIdentity e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    return der;
  }

  /// The claim in the extension's value.
  public static CertificateClaim decode(byte[] value) throws InvalidIdentity {
    var json = unwrap(UTF8_STRING, value);
    if (json.length > MAX_BYTES) {
      throw new InvalidIdentity("the identity extension is longer than " + MAX_BYTES + " bytes");
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
    } catch (CharacterCodingException e) {
      throw new InvalidIdentity("the identity extension is not UTF-8");
    }
    var claim = ClaimJson.read(json);
    if (!Arrays.equals(ClaimJson.write(claim), json)) {
      throw new InvalidIdentity("the identity extension is not in its canonical form");
    }
    return claim;
  }

  /// The claim of a certificate.
  public static CertificateClaim read(X509Certificate certificate) throws InvalidIdentity {
    var outer = certificate.getExtensionValue(OID);
    if (outer == null) {
      throw new InvalidIdentity("the certificate has no identity extension");
    }
    return decode(unwrap(OCTET_STRING, outer));
  }

  private static byte[] wrap(int tag, byte[] content) {
    int size = content.length;
    byte[] header =
        size < 0x80
            ? new byte[] {(byte) tag, (byte) size}
            : size < 0x100
                ? new byte[] {(byte) tag, (byte) 0x81, (byte) size}
                : new byte[] {(byte) tag, (byte) 0x82, (byte) (size >> 8), (byte) size};
    var der = Arrays.copyOf(header, header.length + size);
    System.arraycopy(content, 0, der, header.length, size);
    return der;
  }

  /// The content of a DER value of one byte of tag and at most two bytes of length.
  private static byte[] unwrap(int tag, byte[] der) throws InvalidIdentity {
    for (int header = 2; header <= 4; header++) {
      if (der.length >= header && der.length - header < 0x10000) {
        var content = Arrays.copyOfRange(der, header, der.length);
        if (Arrays.equals(wrap(tag, content), der)) {
          return content;
        }
      }
    }
    throw new InvalidIdentity("the identity extension is not well-formed DER");
  }
}
