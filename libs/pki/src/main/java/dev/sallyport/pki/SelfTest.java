package dev.sallyport.pki;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;

/// Checks at start that this Java's cryptography can be relied on.
public final class SelfTest {
  private static final byte[] ZERO_DER = {0x30, 6, 2, 1, 0, 2, 1, 0};
  private static final byte[] ZERO_P1363 = new byte[64];

  private SelfTest() {}

  /// Fails when this Java accepts an all-zero ECDSA signature, as versions 15 to 18 once did
  /// (CVE-2022-21449): then every certificate could be forged. Servers call this before they
  /// listen.
  public static void ecdsaZeroSignature() {
    var key = KeyPairs.generate().getPublic();
    if (accepts("SHA256withECDSA", key, ZERO_DER)
        || accepts("SHA256withECDSAinP1363Format", key, ZERO_P1363)) {
      throw new IllegalStateException(
          "this Java accepts forged ECDSA signatures (CVE-2022-21449); install a mended version");
    }
  }

  private static boolean accepts(String algorithm, PublicKey key, byte[] signed) {
    try {
      var verifier = Signature.getInstance(algorithm);
      verifier.initVerify(key);
      verifier.update(new byte[] {1});
      return verifier.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
