package dev.sallyport.aws;

import dev.sallyport.aws.OwnCredentials.Resolved;
import dev.sallyport.aws.OwnRoles.Asked;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/// A role that a process takes by its own credentials, for something that these alone may not do:
/// to write to another account, for example. Kept like those of any source. Blocks; safe for use by
/// any thread.
public final class TakenRole {
  private final KeptCredentials kept;

  /// Which, and how AWS is asked for it.
  ///
  /// @param externalId what the role's trust policy wants to hear
  public record Role(String arn, Optional<String> externalId) {}

  private TakenRole(KeptCredentials kept) {
    this.kept = kept;
  }

  /// Asks nobody yet.
  ///
  /// @param own stays its owner's to close, and so does the other
  /// @param place the STS that is asked
  public static TakenRole of(
      Role role, OwnCredentials own, StsCalls sts, Supplier<StsPlace> place, InstantSource clock) {
    var roles = new OwnRoles(own.owner(), sts, clock);
    return new TakenRole(new KeptCredentials(new ByRole(role, own, roles, place), clock));
  }

  /// The credentials of now, or why there are none, in words for an administrator.
  public Resolved resolve() {
    try {
      return new Resolved.Found(kept.get());
    } catch (SourceFailure e) {
      return new Resolved.Missing(
          e.reason() + e.detail().map(said -> " [" + said + "]").orElse(""),
          e.kind() == SourceFailure.Kind.PASSING);
    }
  }

  private record ByRole(Role role, OwnCredentials chain, OwnRoles roles, Supplier<StsPlace> place)
      implements CredentialSource {
    @Override
    public String name() {
      return "role " + role.arn();
    }

    @Override
    public Own fetch() throws SourceFailure {
      var asked = new Asked(role.arn(), Optional.empty(), role.externalId(), place.get());
      return switch (chain.resolve()) {
        case Resolved.Found found ->
            roles.by(
                found.credentials(), "the AWS identity of the " + roles.owner().service(), asked);
        case Resolved.Missing missing ->
            throw missing.passing()
                ? SourceFailure.passing(missing.reason())
                : SourceFailure.broken(missing.reason());
      };
    }

    @Override
    public Object stamp() {
      return chain.stamp();
    }
  }
}
