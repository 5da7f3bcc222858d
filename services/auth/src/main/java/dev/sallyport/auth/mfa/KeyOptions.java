package dev.sallyport.auth.mfa;

import dev.sallyport.auth.state.MfaDeviceRecord;
import dev.sallyport.control.ControlJson;
import dev.sallyport.model.RelyingParty;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// What browsers are told to ask of keys, in the JSON form of the WebAuthn specification (level 3,
/// §5.1.8, §5.1.9). Bytes are Base64url without padding.
final class KeyOptions {
  private static final String PUBLIC_KEY = "public-key";

  private KeyOptions() {}

  /// `PublicKeyCredentialCreationOptions`.
  ///
  /// @param handle by which the key will name its user
  /// @param known keys that are registered already; such a one is not registered twice
  static ObjectNode create(
      RelyingParty party,
      String user,
      byte[] handle,
      byte[] challenge,
      List<MfaDeviceRecord.Key> known,
      boolean passkey) {
    var options = ControlJson.MAPPER.createObjectNode();
    options.putObject("rp").put("id", party.id()).put("name", party.id());
    options.putObject("user").put("id", text(handle)).put("name", user).put("displayName", user);
    options.put("challenge", text(challenge));
    var parameters = options.putArray("pubKeyCredParams");
    for (var algorithm : Passkeys.ALGORITHMS) {
      parameters.addObject().put("type", PUBLIC_KEY).put("alg", algorithm.getValue());
    }
    options.put("timeout", timeout());
    credentials(options, "excludeCredentials", known.stream().map(key -> key.id()).toList());
    options
        .putObject("authenticatorSelection")
        .put("residentKey", passkey ? "required" : "discouraged")
        .put("requireResidentKey", passkey)
        .put("userVerification", passkey ? "required" : "discouraged");
    return options.put("attestation", "none");
  }

  /// `PublicKeyCredentialRequestOptions`.
  ///
  /// @param ids the keys that may answer; none means any passkey, which verifies its holder
  static ObjectNode request(RelyingParty party, byte[] challenge, List<byte[]> ids) {
    var options = ControlJson.MAPPER.createObjectNode();
    options.put("challenge", text(challenge)).put("timeout", timeout()).put("rpId", party.id());
    if (!ids.isEmpty()) {
      credentials(options, "allowCredentials", ids);
    }
    return options.put("userVerification", ids.isEmpty() ? "required" : "discouraged");
  }

  static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static void credentials(ObjectNode options, String name, List<byte[]> ids) {
    var list = options.putArray(name);
    for (var id : ids) {
      list.addObject().put("type", PUBLIC_KEY).put("id", text(id));
    }
  }

  private static long timeout() {
    Duration life = SecondFactors.CHALLENGE_LIFE;
    return life.toMillis();
  }
}
