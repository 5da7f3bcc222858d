package dev.sallyport.auth.mfa;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.AttestedCredentialDataConverter;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationData;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.attestation.statement.NoneAttestationStatement;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.data.extension.authenticator.AuthenticationExtensionsAuthenticatorOutputs;
import com.webauthn4j.server.ServerProperty;
import dev.sallyport.auth.state.MfaDeviceRecord;
import dev.sallyport.model.RelyingParty;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Checks what keys answer, by the WebAuthn specification (level 3, §7.1 and §7.2): challenge,
/// page, relying party, presence, signature, counter. Makers of keys are not looked at.
final class Passkeys {
  private static final Logger LOG = LoggerFactory.getLogger(Passkeys.class);
  private static final int ANSWER_LENGTH_MAX = 16 * 1024;
  private static final int CREDENTIAL_ID_MAX = 1023;

  /// Signatures that are taken, best first: ECDSA on P-256, Ed25519, RSA.
  static final List<COSEAlgorithmIdentifier> ALGORITHMS =
      List.of(
          COSEAlgorithmIdentifier.ES256,
          COSEAlgorithmIdentifier.EdDSA,
          COSEAlgorithmIdentifier.RS256);

  private final WebAuthnManager manager;
  private final AttestedCredentialDataConverter attested;

  Passkeys() {
    var converter = new ObjectConverter();
    this.manager = WebAuthnManager.createNonStrictWebAuthnManager(converter);
    this.attested = new AttestedCredentialDataConverter(converter);
  }

  /// A key's answer that was read, and proves nothing yet.
  static final class Reading {
    private final AuthenticationData data;
    private final byte[] credentialId;

    private Reading(AuthenticationData data, byte[] credentialId) {
      this.data = data;
      this.credentialId = credentialId;
    }

    byte[] credentialId() {
      return credentialId.clone();
    }

    /// Whether the key names this user, or nobody.
    boolean names(byte[] handle) {
      var named = data.getUserHandle();
      return named == null || named.length == 0 || Arrays.equals(named, handle);
    }

    /// Whether the key names somebody.
    boolean names() {
      var named = data.getUserHandle();
      return named != null && named.length > 0;
    }
  }

  /// The key that a browser made, if it did so as asked.
  ///
  /// @param passkey whether it must sign in without a password: the holder was verified then
  Optional<MfaDeviceRecord.Key> register(
      RelyingParty party, byte[] challenge, boolean passkey, JsonNode answer) {
    try {
      var parameters =
          ALGORITHMS.stream()
              .map(algorithm ->
                  new PublicKeyCredentialParameters(PublicKeyCredentialType.PUBLIC_KEY, algorithm))
              .toList();
      var data =
          manager.verify(
              manager.parseRegistrationResponseJSON(text(answer)),
              new RegistrationParameters(server(party, challenge), parameters, passkey, true));
      var object = data.getAttestationObject();
      if (object == null) {
        return Optional.empty();
      }
      var authenticator = object.getAuthenticatorData();
      var credential = authenticator.getAttestedCredentialData();
      if (credential == null || credential.getCredentialId().length > CREDENTIAL_ID_MAX) {
        return Optional.empty();
      }
      return Optional.of(
          MfaDeviceRecord.Key.of(
                  credential.getCredentialId(),
                  attested.convert(credential),
                  authenticator.getSignCount(),
                  passkey)
              .seen(
                  authenticator.getSignCount(),
                  authenticator.isFlagBE(),
                  authenticator.isFlagBS()));
    } catch (RuntimeException e) {
      LOG.atDebug().setCause(e).log("a key was not registered");
      return Optional.empty();
    }
  }

  /// Reads a key's answer; empty when it is none.
  Optional<Reading> read(JsonNode answer) {
    try {
      var data = manager.parseAuthenticationResponseJSON(text(answer));
      return data.getCredentialId() == null
          ? Optional.empty()
          : Optional.of(new Reading(data, ByteBuffer.wrap(data.getCredentialId()).array()));
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  /// The key with its new counter, if the answer proves that it was there.
  ///
  /// @param verified whether the key must have verified its holder, by PIN or finger
  Optional<MfaDeviceRecord.Key> verify(
      RelyingParty party,
      byte[] challenge,
      MfaDeviceRecord.Key key,
      boolean verified,
      Reading reading) {
    if (!Arrays.equals(key.id(), reading.credentialId())) {
      return Optional.empty();
    }
    try {
      var credential =
          new CredentialRecordImpl(
              new NoneAttestationStatement(),
              key.passkey(),
              key.backupEligible(),
              key.backedUp(),
              key.counter(),
              attested.convert(key.publicKey()),
              new AuthenticationExtensionsAuthenticatorOutputs<>(),
              null,
              null,
              null);
      var data =
          manager.verify(
              reading.data,
              new AuthenticationParameters(
                  server(party, challenge), credential, List.of(key.id()), verified, true));
      var authenticator = data.getAuthenticatorData();
      if (authenticator == null) {
        return Optional.empty();
      }
      return Optional.of(
          key.seen(
              authenticator.getSignCount(), authenticator.isFlagBE(), authenticator.isFlagBS()));
    } catch (RuntimeException e) {
      LOG.atDebug().setCause(e).log("a key's answer was not taken");
      return Optional.empty();
    }
  }

  private static ServerProperty server(RelyingParty party, byte[] challenge) {
    return ServerProperty.builder()
        .origins(party.origins().stream().map(Origin::new).collect(Collectors.toSet()))
        .rpId(party.id())
        .challenge(new DefaultChallenge(challenge))
        .build();
  }

  private static String text(JsonNode answer) {
    var text = answer.toString();
    if (text.length() > ANSWER_LENGTH_MAX) {
      throw new IllegalArgumentException("longer than " + ANSWER_LENGTH_MAX);
    }
    return text;
  }
}
