package dev.sallyport.aws;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Optional;
import software.amazon.awssdk.services.ssooidc.model.CreateTokenRequest;
import software.amazon.awssdk.services.ssooidc.model.CreateTokenResponse;
import tools.jackson.databind.node.ObjectNode;

/// A sign-in as the AWS CLI keeps it in a file, which only its account may read. Never printed.
final class SsoSignIn {
  private static final Duration LEFT = Duration.ofMinutes(1);

  private final ObjectNode object;
  private final String token;
  private final Instant end;

  private SsoSignIn(ObjectNode object, String token, Instant end) {
    this.object = object;
    this.token = token;
    this.end = end;
  }

  /// How the CLI calls the file of a session, or of a portal for profiles without one.
  static String fileName(String session) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-1").digest(session.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest) + ".json";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-1", e);
    }
  }

  static SsoSignIn read(Path file) throws SourceFailure {
    byte[] text;
    try (var in = Files.newInputStream(file)) {
      text = in.readNBytes(CredentialText.MAX_BYTES + 1);
    } catch (IOException e) {
      throw SourceFailure.broken(file + " cannot be read");
    }
    var object = CredentialText.object(text, file.toString());
    var token = CredentialText.text(object, "accessToken");
    var end = CredentialText.instant(object, "expiresAt", file.toString());
    if (token.isEmpty() || end.isEmpty() || !(object instanceof ObjectNode node)) {
      throw SourceFailure.broken(file + " holds no sign-in");
    }
    return new SsoSignIn(node, token.get(), end.get());
  }

  String token() {
    return token;
  }

  Instant end() {
    return end;
  }

  boolean lasts(Instant now) {
    return now.plus(LEFT).isBefore(end);
  }

  boolean canBeRenewed(Instant now) throws SourceFailure {
    var client = CredentialText.instant(object, "registrationExpiresAt", "the sign-in");
    return text("refreshToken").isPresent()
        && text("clientId").isPresent()
        && text("clientSecret").isPresent()
        && client.map(now::isBefore).orElse(true);
  }

  CreateTokenRequest renewal() {
    return CreateTokenRequest.builder()
        .grantType("refresh_token")
        .clientId(text("clientId").orElseThrow())
        .clientSecret(text("clientSecret").orElseThrow())
        .refreshToken(text("refreshToken").orElseThrow())
        .build();
  }

  SsoSignIn renewed(CreateTokenResponse answer, Instant now) {
    var next = object.deepCopy();
    var last = now.plusSeconds(answer.expiresIn()).truncatedTo(ChronoUnit.SECONDS);
    next.put("accessToken", answer.accessToken());
    next.put("expiresAt", last.toString());
    Optional.ofNullable(answer.refreshToken()).ifPresent(text -> next.put("refreshToken", text));
    return new SsoSignIn(next, answer.accessToken(), last);
  }

  /// In one step, into a file that only this account may read.
  void write(Path file) throws IOException {
    var fresh = Files.createTempFile(file.toAbsolutePath().getParent(), ".sso-", ".json");
    try {
      Files.write(fresh, object.toString().getBytes(StandardCharsets.UTF_8));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private Optional<String> text(String field) {
    return CredentialText.text(object, field);
  }
}
