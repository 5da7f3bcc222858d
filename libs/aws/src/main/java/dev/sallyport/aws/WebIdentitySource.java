package dev.sallyport.aws;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/// A role that is assumed with a token from a file, as pods of EKS (IRSA) and jobs of CI get one.
/// The file is read for each call, since whoever wrote it replaces it before it ends.
final class WebIdentitySource implements CredentialSource {
  /// Most characters that STS takes.
  static final int MAX_TOKEN = 20_000;

  private static final String FILE = "AWS_WEB_IDENTITY_TOKEN_FILE";
  private static final String ROLE = "AWS_ROLE_ARN";

  private final AwsSettings settings;
  private final OwnRoles roles;
  private final Supplier<StsPlace> sts;

  WebIdentitySource(AwsSettings settings, OwnRoles roles, Supplier<StsPlace> sts) {
    this.settings = settings;
    this.roles = roles;
    this.sts = sts;
  }

  @Override
  public String name() {
    return "web identity";
  }

  @Override
  public Own fetch() throws SourceFailure {
    var file = settings.file(FILE);
    var role = settings.variable(ROLE);
    if (file.isEmpty()) {
      throw SourceFailure.notSetUp(FILE + " is not set");
    }
    if (role.isEmpty()) {
      throw SourceFailure.broken(withoutRole());
    }
    return roles.byToken(
        new OwnRoles.Asked(
            role.get(), settings.variable("AWS_ROLE_SESSION_NAME"), Optional.empty(), sts.get()),
        file.get());
  }

  /// What can never work, whatever becomes of the file.
  static Optional<String> fault(AwsSettings settings) {
    return settings.file(FILE).isPresent() && settings.variable(ROLE).isEmpty()
        ? Optional.of(withoutRole())
        : Optional.empty();
  }

  private static String withoutRole() {
    return FILE + " is set and " + ROLE + " is not";
  }

  /// The token in a file.
  ///
  /// @throws SourceFailure if there is none
  static String token(Path file) throws SourceFailure {
    byte[] bytes;
    try (var in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_TOKEN + 1);
    } catch (NoSuchFileException e) {
      throw SourceFailure.broken("token file " + file + " does not exist");
    } catch (AccessDeniedException e) {
      throw SourceFailure.broken("token file " + file + " must not be read by this account");
    } catch (IOException e) {
      throw SourceFailure.broken("token file " + file + " cannot be read");
    }
    var token = new String(bytes, StandardCharsets.UTF_8).strip();
    if (token.isEmpty() || bytes.length > MAX_TOKEN) {
      throw SourceFailure.broken(
          "token file " + file + (token.isEmpty() ? " is empty" : " is too long for a token"));
    }
    return token;
  }
}
