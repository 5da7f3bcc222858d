package dev.sallyport.pki;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPoint;

/// Keys of the cluster: ECDSA on the curve P-256 and nothing else. A key is made on the machine
/// that uses it and never leaves it.
public final class KeyPairs {
  private static final BigInteger P =
      new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);
  private static final BigInteger A = P.subtract(BigInteger.valueOf(3));
  private static final BigInteger B =
      new BigInteger("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16);
  private static final BigInteger ORDER =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);
  private static final BigInteger GX =
      new BigInteger("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296", 16);
  private static final BigInteger GY =
      new BigInteger("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5", 16);
  private static final byte[] CHALLENGE = {'s', 'a', 'l', 'l', 'y', 'p', 'o', 'r', 't'};

  private KeyPairs() {}

  /// A new P-256 key pair from the platform's secure random source.
  public static KeyPair generate() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot make P-256 keys", e);
    }
  }

  /// Whether the key is a point of P-256 itself: same field, same coefficients, same base point,
  /// and on the curve. The name of a curve proves nothing, so its numbers are compared.
  public static boolean isP256(PublicKey key) {
    if (!(key instanceof ECPublicKey point)) {
      return false;
    }
    var params = point.getParams();
    if (params == null
        || !(params.getCurve().getField() instanceof ECFieldFp field)
        || !field.getP().equals(P)
        || !params.getCurve().getA().equals(A)
        || !params.getCurve().getB().equals(B)
        || !params.getOrder().equals(ORDER)
        || params.getCofactor() != 1
        || !params.getGenerator().equals(new ECPoint(GX, GY))) {
      return false;
    }
    return onCurve(point.getW());
  }

  private static boolean onCurve(ECPoint w) {
    if (w.equals(ECPoint.POINT_INFINITY)) {
      return false;
    }
    var x = w.getAffineX();
    var y = w.getAffineY();
    if (x.signum() < 0 || y.signum() < 0 || x.compareTo(P) >= 0 || y.compareTo(P) >= 0) {
      return false;
    }
    var right = x.multiply(x).add(A).multiply(x).add(B).mod(P);
    return y.multiply(y).mod(P).equals(right);
  }

  /// Whether the two halves belong together, tried by signing and verifying.
  static boolean belongTogether(PrivateKey privateKey, PublicKey publicKey) {
    if (!privateKey.getAlgorithm().equals(publicKey.getAlgorithm())) {
      return false;
    }
    try {
      var algorithm =
          privateKey instanceof RSAPrivateKey || privateKey.getAlgorithm().equals("RSA")
              ? "SHA256withRSA"
              : privateKey.getAlgorithm().equals("EC")
                  ? "SHA256withECDSA"
                  : privateKey.getAlgorithm();
      var signer = Signature.getInstance(algorithm);
      signer.initSign(privateKey);
      signer.update(CHALLENGE);
      var signed = signer.sign();
      var verifier = Signature.getInstance(algorithm);
      verifier.initVerify(publicKey);
      verifier.update(CHALLENGE);
      return verifier.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
