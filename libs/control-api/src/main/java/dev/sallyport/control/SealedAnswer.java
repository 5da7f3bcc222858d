package dev.sallyport.control;

import dev.sallyport.model.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.KeyAgreement;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// An answer on its way through a browser, sealed to the tool that asked: ECDH on P-256 with a key
/// made for this answer, HKDF-SHA-256 salted with a hash of the tool's secret, AES-256-GCM. Only
/// who has both the private key and the secret opens it.
public final class SealedAnswer {
  /// Longest sealed answer, in characters.
  public static final int LENGTH_MAX = 32 * 1024;

  private static final String INFO = "sallyport console answer 1";
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private SealedAnswer() {}

  /// The salt: what Auth keeps of the tool's secret.
  public static byte[] salt(Secret secret) {
    try {
      return MessageDigest.getInstance("SHA-256")
          .digest(secret.reveal().getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// Seals.
  ///
  /// @param once a fresh P-256 key pair, used for nothing else
  public static Secret seal(byte[] answer, PublicKey recipient, KeyPair once, byte[] salt) {
    try {
      var encoded = once.getPublic().getEncoded();
      var cipher = cipher(Cipher.ENCRYPT_MODE, once.getPrivate(), recipient, salt, encoded);
      var sealed = cipher.doFinal(answer);
      var whole =
          ByteBuffer.allocate(1 + encoded.length + sealed.length)
              .put((byte) encoded.length)
              .put(encoded)
              .put(sealed)
              .array();
      return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(whole));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java can't seal to the key", e);
    }
  }

  /// Opens; empty when it was not sealed to this key and secret.
  public static Optional<byte[]> open(String text, PrivateKey key, byte[] salt) {
    if (text.length() > LENGTH_MAX) {
      return Optional.empty();
    }
    try {
      var whole = Base64.getUrlDecoder().decode(text);
      var length = whole.length == 0 ? 0 : whole[0] & 0xff;
      if (length == 0 || whole.length <= 1 + length) {
        return Optional.empty();
      }
      var encoded = Arrays.copyOfRange(whole, 1, 1 + length);
      var sender = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(encoded));
      var cipher = cipher(Cipher.DECRYPT_MODE, key, sender, salt, encoded);
      return Optional.of(cipher.doFinal(whole, 1 + length, whole.length - 1 - length));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Cipher cipher(int mode, PrivateKey own, PublicKey other, byte[] salt, byte[] aad)
      throws GeneralSecurityException {
    var agreement = KeyAgreement.getInstance("ECDH");
    agreement.init(own);
    agreement.doPhase(other, true);
    SecretKey shared = new SecretKeySpec(agreement.generateSecret(), "Generic");
    var kdf = KDF.getInstance("HKDF-SHA256");
    var extract = HKDFParameterSpec.ofExtract().addIKM(shared).addSalt(salt);
    var material =
        kdf.deriveData(
            extract.thenExpand(INFO.getBytes(StandardCharsets.UTF_8), KEY_BYTES + NONCE_BYTES));
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        mode,
        new SecretKeySpec(material, 0, KEY_BYTES, "AES"),
        new GCMParameterSpec(TAG_BITS, material, KEY_BYTES, NONCE_BYTES));
    cipher.updateAAD(aad);
    return cipher;
  }
}
