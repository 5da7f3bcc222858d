package dev.sallyport.auth.mfa;

import dev.sallyport.auth.state.ClusterKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// What the Auth Service gives out and wants back: sealed (AES-256-GCM), so that it need not be
/// kept and can be neither read nor changed nor used for another purpose. Strangers who ask and
/// never answer therefore cost no room. Using one only once is its reader's part.
public final class SealedTokens {
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int LENGTH_MAX = 4096;

  private final SecretKeySpec sealing;
  private final SecretKeySpec naming;
  private final SecureRandom random;
  private final InstantSource clock;

  /// What a token is for. One for another purpose does not open.
  public enum Purpose {
    /// A sign-in's challenge; its subject is the claimed name.
    LOGIN,
    /// A challenge that any passkey may answer; without subject.
    PASSWORDLESS,
    /// A challenge for a user who is signed in.
    SIGNED_IN,
    /// A device that is being registered behind a link; its subject is the link's hash.
    LINK_DEVICE,
    /// A device that is being registered by a user who is signed in.
    USER_DEVICE,
    /// The right to approve one tool's request.
    CONSOLE,
    /// A second factor that a browser confirmed for a tool.
    BROWSER_FACTOR,
    /// A place in a list; its subject is the list and who reads it.
    PAGE
  }

  /// What is sealed.
  public record Token(String subject, String content, Instant expires) {
    @Override
    public String toString() {
      return "Token[redacted]";
    }
  }

  public SealedTokens(ClusterKey key, SecureRandom random, InstantSource clock) {
    this.naming = new SecretKeySpec(key.bytes(), "HmacSHA256");
    this.sealing = new SecretKeySpec(hmac("seal"), "AES");
    this.random = random;
    this.clock = clock;
  }

  /// Seals.
  public String seal(Purpose purpose, Token token) {
    var nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    var subject = token.subject().getBytes(StandardCharsets.UTF_8);
    var content = token.content().getBytes(StandardCharsets.UTF_8);
    var plain =
        ByteBuffer.allocate(Long.BYTES + Integer.BYTES + subject.length + content.length)
            .putLong(token.expires().getEpochSecond())
            .putInt(subject.length)
            .put(subject)
            .put(content)
            .array();
    try {
      var cipher = cipher(Cipher.ENCRYPT_MODE, purpose, nonce);
      var sealed = cipher.doFinal(plain);
      var whole = ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
      return Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + CIPHER, e);
    }
  }

  /// Opens; empty when it was not sealed here for this purpose, or has expired.
  public Optional<Token> open(Purpose purpose, String text) {
    if (text.length() > LENGTH_MAX) {
      return Optional.empty();
    }
    try {
      var whole = Base64.getUrlDecoder().decode(text);
      if (whole.length <= NONCE_BYTES) {
        return Optional.empty();
      }
      var cipher = cipher(Cipher.DECRYPT_MODE, purpose, Arrays.copyOf(whole, NONCE_BYTES));
      var plain = ByteBuffer.wrap(cipher.doFinal(whole, NONCE_BYTES, whole.length - NONCE_BYTES));
      var expires = Instant.ofEpochSecond(plain.getLong());
      var subject = new byte[plain.getInt()];
      plain.get(subject);
      var content = new byte[plain.remaining()];
      plain.get(content);
      return clock.instant().isBefore(expires)
          ? Optional.of(
              new Token(
                  new String(subject, StandardCharsets.UTF_8),
                  new String(content, StandardCharsets.UTF_8),
                  expires))
          : Optional.empty();
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// 32 bytes that nobody else can compute from a name: always the same for the same name.
  byte[] hmac(String name) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(naming);
      return mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  private Cipher cipher(int mode, Purpose purpose, byte[] nonce) throws GeneralSecurityException {
    var cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, sealing, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(purpose.name().getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
