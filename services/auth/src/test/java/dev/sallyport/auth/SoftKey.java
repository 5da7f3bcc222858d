package dev.sallyport.auth;

import dev.sallyport.control.ControlJson;
import dev.sallyport.control.Enrollment;
import dev.sallyport.control.EnrollmentAnswer;
import dev.sallyport.control.MfaChallenge;
import dev.sallyport.control.WebauthnAnswer;
import dev.sallyport.pki.KeyPairs;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A key that somebody plugs in, and the browser around it, by the WebAuthn specification. Each
/// thing it says can be bent, to see that the other side looks at it.
final class SoftKey {
  private static final int PRESENT = 1;
  private static final int VERIFIED = 4;
  private static final int ATTESTED = 0x40;

  private final KeyPair keys = KeyPairs.generate();
  private final byte[] id = new byte[32];
  private byte[] handle = new byte[0];
  private int counter;

  /// What it and its browser say.
  ///
  /// @param challenge instead of the one that was given
  record Bend(
      String origin, String rpId, Optional<String> challenge, String type, int flags, int count) {
    static Bend honest() {
      return new Bend(
          "https://proxy.example.com",
          "proxy.example.com",
          Optional.empty(),
          "webauthn.get",
          PRESENT | VERIFIED,
          1);
    }

    Bend origin(String other) {
      return new Bend(other, rpId, challenge, type, flags, count);
    }

    Bend rpId(String other) {
      return new Bend(origin, other, challenge, type, flags, count);
    }

    Bend challenge(String other) {
      return new Bend(origin, rpId, Optional.of(other), type, flags, count);
    }

    Bend type(String other) {
      return new Bend(origin, rpId, challenge, other, flags, count);
    }

    Bend absent() {
      return new Bend(origin, rpId, challenge, type, 0, count);
    }

    Bend unverified() {
      return new Bend(origin, rpId, challenge, type, PRESENT, count);
    }

    /// How much the counter moves.
    Bend count(int other) {
      return new Bend(origin, rpId, challenge, type, flags, other);
    }
  }

  SoftKey() {
    new SecureRandom().nextBytes(id);
  }

  String credentialId() {
    return text(id);
  }

  EnrollmentAnswer register(Enrollment begun, String name) throws GeneralSecurityException {
    return register(begun, name, Bend.honest());
  }

  EnrollmentAnswer register(Enrollment begun, String name, Bend bend)
      throws GeneralSecurityException {
    var options = begun.webauthn().orElseThrow();
    handle = bytes(options.get("user").get("id").stringValue());
    var clientData =
        clientData(
            bend.type().equals("webauthn.get") ? "webauthn.create" : bend.type(),
            bend.challenge().orElse(options.get("challenge").stringValue()),
            bend.origin());
    counter += bend.count();
    var attested = new ByteArrayOutputStream();
    attested.writeBytes(new byte[16]);
    attested.write(0);
    attested.write(id.length);
    attested.writeBytes(id);
    attested.writeBytes(cose());
    var authData = authData(bend, ATTESTED, attested.toByteArray());
    var object = new ByteArrayOutputStream();
    object.write(0xa3);
    text(object, "fmt");
    text(object, "none");
    text(object, "attStmt");
    object.write(0xa0);
    text(object, "authData");
    object.write(0x59);
    object.write(authData.length >> 8);
    object.write(authData.length & 0xff);
    object.writeBytes(authData);
    var json = ControlJson.MAPPER.createObjectNode();
    json.put("id", text(id)).put("rawId", text(id)).put("type", "public-key");
    json.putObject("response")
        .put("clientDataJSON", text(clientData))
        .put("attestationObject", text(object.toByteArray()))
        .putArray("transports")
        .add("usb");
    json.putObject("clientExtensionResults");
    return new EnrollmentAnswer(begun.id(), name, Optional.empty(), Optional.of(json));
  }

  WebauthnAnswer answer(MfaChallenge challenge) throws GeneralSecurityException {
    return answer(challenge, Bend.honest());
  }

  WebauthnAnswer answer(MfaChallenge challenge, Bend bend) throws GeneralSecurityException {
    return new WebauthnAnswer(challenge.id(), assertion(challenge, bend, false));
  }

  /// With a signature that is not of this key.
  WebauthnAnswer forged(MfaChallenge challenge) throws GeneralSecurityException {
    return new WebauthnAnswer(challenge.id(), assertion(challenge, Bend.honest(), true));
  }

  private JsonNode assertion(MfaChallenge challenge, Bend bend, boolean forged)
      throws GeneralSecurityException {
    var options = challenge.webauthn().orElseThrow();
    var clientData =
        clientData(
            bend.type(),
            bend.challenge().orElse(options.get("challenge").stringValue()),
            bend.origin());
    counter += bend.count();
    var authData = authData(bend, 0, new byte[0]);
    var signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(forged ? KeyPairs.generate().getPrivate() : keys.getPrivate());
    signature.update(authData);
    signature.update(sha256(clientData));
    var json = ControlJson.MAPPER.createObjectNode();
    json.put("id", text(id)).put("rawId", text(id)).put("type", "public-key");
    json.putObject("response")
        .put("clientDataJSON", text(clientData))
        .put("authenticatorData", text(authData))
        .put("signature", text(signature.sign()))
        .put("userHandle", text(handle));
    json.putObject("clientExtensionResults");
    return json;
  }

  private byte[] authData(Bend bend, int more, byte[] attested) throws GeneralSecurityException {
    return ByteBuffer.allocate(37 + attested.length)
        .put(sha256(bend.rpId().getBytes(StandardCharsets.UTF_8)))
        .put((byte) (bend.flags() | more))
        .putInt(counter)
        .put(attested)
        .array();
  }

  /// The public key in the form of RFC 9052, ES256.
  private byte[] cose() {
    var point = ((ECPublicKey) keys.getPublic()).getW();
    var cose = new ByteArrayOutputStream();
    cose.writeBytes(new byte[] {(byte) 0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20});
    cose.writeBytes(coordinate(point.getAffineX()));
    cose.writeBytes(new byte[] {0x22, 0x58, 0x20});
    cose.writeBytes(coordinate(point.getAffineY()));
    return cose.toByteArray();
  }

  private static byte[] coordinate(BigInteger number) {
    var bytes = number.toByteArray();
    var fixed = new byte[32];
    for (var i = 1; i <= Math.min(32, bytes.length); i++) {
      fixed[32 - i] = bytes[bytes.length - i];
    }
    return fixed;
  }

  private static byte[] clientData(String type, String challenge, String origin) {
    var json = ControlJson.MAPPER.createObjectNode();
    json.put("type", type).put("challenge", challenge).put("origin", origin);
    json.put("crossOrigin", false);
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void text(ByteArrayOutputStream cbor, String text) {
    cbor.write(0x60 + text.length());
    cbor.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] sha256(byte[] bytes) throws GeneralSecurityException {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] bytes(String text) {
    return Base64.getUrlDecoder().decode(text);
  }
}
