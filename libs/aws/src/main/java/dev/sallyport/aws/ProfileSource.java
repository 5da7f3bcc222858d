package dev.sallyport.aws;

import dev.sallyport.aws.OwnRoles.Asked;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;

/// The profile of `AWS_PROFILE`: a role by a token, a single sign-on, a role by other credentials,
/// a `credential_process`, or keys; in the order of AWS's SDK. The files are read again when they
/// change.
final class ProfileSource implements CredentialSource {
  private final AwsSettings settings;
  private final ProfileFiles files;
  private final OwnRoles roles;
  private final SsoCalls sso;
  private final Supplier<StsPlace> sts;
  private final Map<String, CredentialSource> others;

  /// @param others what profiles may name as `credential_source`
  ProfileSource(
      AwsSettings settings,
      OwnRoles roles,
      SsoCalls sso,
      Supplier<StsPlace> sts,
      Map<String, CredentialSource> others) {
    this.settings = settings;
    this.files = new ProfileFiles(settings);
    this.roles = roles;
    this.sso = sso;
    this.sts = sts;
    this.others = others;
  }

  @Override
  public String name() {
    return "profile \"" + files.chosen() + "\"";
  }

  @Override
  public Object stamp() {
    return files.stamp();
  }

  @Override
  public void close() {
    sso.close();
  }

  @Override
  public Own fetch() throws SourceFailure {
    var all = files.read();
    if (settings.variable("AWS_PROFILE").isEmpty() && all.profile(files.chosen()).isEmpty()) {
      throw SourceFailure.notSetUp("there is none");
    }
    var own = new Walk(all).of(files.chosen());
    if (own.isPresent()) {
      return own.get();
    }
    if (settings.variable("AWS_PROFILE").isEmpty()) {
      throw SourceFailure.notSetUp("it names no credentials");
    }
    throw SourceFailure.broken("it names no credentials");
  }

  /// From a profile to those that it names.
  private final class Walk {
    private final ProfileFile all;
    private final Set<String> seen = new HashSet<>();

    Walk(ProfileFile all) {
      this.all = all;
    }

    Optional<Own> of(String name) throws SourceFailure {
      var profile = all.profile(name);
      if (profile.isEmpty()) {
        throw SourceFailure.broken("there is no profile \"" + name + "\"");
      }
      if (!seen.add(name)) {
        throw SourceFailure.broken("profile \"" + name + "\" refers to itself by source_profile");
      }
      return of(profile.get());
    }

    private Optional<Own> of(Profile profile) throws SourceFailure {
      var role = value(profile, "role_arn");
      var token = value(profile, "web_identity_token_file");
      if (role.isPresent() && token.isPresent()) {
        return Optional.of(roles.byToken(asked(profile, role.get()), Path.of(token.get())));
      }
      if (value(profile, "sso_session").or(() -> value(profile, "sso_start_url")).isPresent()) {
        return Optional.of(sso.own(all, profile, files.home()));
      }
      if (role.isPresent()) {
        return Optional.of(assumed(profile, role.get()));
      }
      if (value(profile, "login_session").isPresent()) {
        throw SourceFailure.broken(
            ("sign-ins of \"aws login\" are not supported; use credential_process = aws configure"
                    + " export-credentials --profile %s, in another profile")
                .formatted(profile.name()));
      }
      var command = value(profile, "credential_process");
      if (command.isPresent()) {
        var limit = CredentialCommand.LIMIT;
        return Optional.of(new CredentialCommand(command.get(), roles.clock(), limit).run());
      }
      return keys(profile).map(it -> new Own(it, Optional.empty()));
    }

    private Own assumed(Profile profile, String role) throws SourceFailure {
      if (value(profile, "mfa_serial").isPresent()) {
        throw SourceFailure.broken(
            "role " + role + " asks for a code (mfa_serial), which nobody is there to type");
      }
      var from = value(profile, "source_profile");
      var source = value(profile, "credential_source");
      if (from.isPresent() == source.isPresent()) {
        throw SourceFailure.broken(
            "role_arn needs source_profile or credential_source, and not both");
      }
      if (from.isPresent()) {
        var base = from.get().equals(profile.name()) ? itself(profile) : base(from.get());
        return roles.by(base, "profile \"" + from.get() + "\"", asked(profile, role));
      }
      var other = others.get(source.get());
      if (other == null) {
        throw SourceFailure.broken(
            "credential_source \"%s\" is none of %s"
                .formatted(source.get(), String.join(", ", new TreeSet<>(others.keySet()))));
      }
      var base = other.fetch().credentials();
      return roles.by(base, "credential_source " + source.get(), asked(profile, role));
    }

    private AwsCredentials itself(Profile profile) throws SourceFailure {
      return keys(profile).orElseThrow(() -> without(profile.name()));
    }

    private AwsCredentials base(String name) throws SourceFailure {
      return of(name).orElseThrow(() -> without(name)).credentials();
    }

    private static SourceFailure without(String name) {
      return SourceFailure.broken("profile \"" + name + "\" names no credentials");
    }
  }

  private Asked asked(Profile profile, String role) {
    var place = sts.get();
    var region = settings.region().or(() -> value(profile, "region")).orElse(place.region());
    return new Asked(
        role,
        value(profile, "role_session_name"),
        value(profile, "external_id"),
        new StsPlace(region, place.fips(), place.dualStack()));
  }

  private static Optional<AwsCredentials> keys(Profile profile) throws SourceFailure {
    var id = value(profile, "aws_access_key_id");
    var secret = value(profile, "aws_secret_access_key");
    if (id.isPresent() != secret.isPresent()) {
      throw SourceFailure.broken(
          "profile \"%s\" needs both aws_access_key_id and aws_secret_access_key"
              .formatted(profile.name()));
    }
    return id.map(
        it -> CredentialText.keys(it, secret.orElseThrow(), value(profile, "aws_session_token")));
  }

  static Optional<String> value(Profile profile, String key) {
    return profile.property(key).map(String::strip).filter(text -> !text.isEmpty());
  }
}
