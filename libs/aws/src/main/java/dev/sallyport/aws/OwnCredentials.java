package dev.sallyport.aws;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/// A service's own AWS credentials, from where every AWS program looks for them, in the order of
/// AWS's SDK for Java: system properties, environment, web identity, profile, container, instance.
/// The first that somebody set up is the one; where it fails, no other is asked in its place, so
/// that a fault never turns the service into somebody else.
///
/// The chain is put together here, since the SDK's ready-made one reads the process environment,
/// keeps the reasons of failures to itself, and makes connections of its own, which know nothing of
/// `AWS_CA_BUNDLE` and of FIPS endpoints. Blocks; safe for use by any thread.
public final class OwnCredentials implements AutoCloseable {
  /// How long a failure is told to all who ask.
  static final Duration FAILURES_KEPT = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(OwnCredentials.class);

  private final Owner owner;
  private final InstantSource clock;
  private final List<KeptCredentials> chain;
  private final AtomicReference<String> told = new AtomicReference<>("");
  private volatile @Nullable Failed failed;

  /// What comes of asking.
  public sealed interface Resolved {
    /// Some.
    record Found(AwsCredentials credentials) implements Resolved {}

    /// None.
    ///
    /// @param passing whether there may be some in a moment
    record Missing(String reason, boolean passing) implements Resolved {}
  }

  private record Failed(Resolved.Missing missing, Object stamp, Instant until) {}

  private OwnCredentials(Owner owner, List<CredentialSource> sources, InstantSource clock) {
    this.owner = owner;
    this.clock = clock;
    chain = sources.stream().map(source -> new KeptCredentials(source, clock)).toList();
  }

  /// The chain of this environment; asks nobody yet.
  ///
  /// @param sts stays its owner's to close
  /// @param place the STS that is asked for the service's own roles
  public static OwnCredentials of(
      Owner owner,
      AwsSettings settings,
      StsCalls sts,
      Supplier<StsPlace> place,
      InstantSource clock) {
    var roles = new OwnRoles(owner, sts, clock);
    var environment = new EnvironmentSource(settings);
    var container = new ContainerSource(settings, clock);
    var instance = new InstanceSource(settings, clock);
    var bySource =
        Map.<String, CredentialSource>of(
            "Environment", environment, "EcsContainer", container, "Ec2InstanceMetadata", instance);
    var sso = new SsoCalls(owner, settings, place, clock);
    var profile = new ProfileSource(settings, roles, sso, place, bySource);
    return new OwnCredentials(
        owner,
        List.of(
            new SystemPropertySource(System.getProperties()),
            environment,
            new WebIdentitySource(settings, roles, place),
            profile,
            container,
            instance),
        clock);
  }

  /// What of this environment can never give credentials, whatever happens: half a pair of keys, or
  /// a token without a role. For those who would rather not start.
  public static Optional<String> fault(AwsSettings settings) {
    var keys =
        List.of(new SystemPropertySource(System.getProperties()), new EnvironmentSource(settings));
    for (var source : keys) {
      try {
        source.fetch();
        return Optional.empty();
      } catch (SourceFailure e) {
        if (e.kind() == SourceFailure.Kind.BROKEN) {
          return Optional.of(e.reason());
        }
      }
    }
    return WebIdentitySource.fault(settings);
  }

  /// The credentials of now, or why there are none, which the log tells once.
  public Resolved resolve() {
    var last = failed;
    var stamp = stamp();
    if (last != null && last.stamp.equals(stamp) && clock.instant().isBefore(last.until)) {
      return last.missing;
    }
    var reasons = new LinkedHashMap<String, SourceFailure>();
    for (var source : chain) {
      try {
        var credentials = source.get();
        failed = null;
        tellOf(source.name());
        return new Resolved.Found(credentials);
      } catch (SourceFailure e) {
        reasons.put(source.name(), e);
        if (e.kind() != SourceFailure.Kind.NOT_SET_UP) {
          break;
        }
      }
    }
    var missing = missing(reasons);
    failed = new Failed(missing, stamp, clock.instant().plus(FAILURES_KEPT));
    tellWhy(missing, reasons);
    return missing;
  }

  /// Changes when other credentials were set up.
  Object stamp() {
    return chain.stream().map(KeptCredentials::stamp).toList();
  }

  Owner owner() {
    return owner;
  }

  private Resolved.Missing missing(Map<String, SourceFailure> reasons) {
    for (var reason : reasons.entrySet()) {
      if (reason.getValue().kind() != SourceFailure.Kind.NOT_SET_UP) {
        return new Resolved.Missing(
            "the %s gets no AWS credentials from %s: %s"
                .formatted(owner.service(), reason.getKey(), reason.getValue().reason()),
            reason.getValue().kind() == SourceFailure.Kind.PASSING);
      }
    }
    return new Resolved.Missing(
        "the %s has no AWS credentials: %s".formatted(owner.service(), owner.howToSet()), false);
  }

  private void tellOf(String source) {
    var now = "from " + source;
    if (!now.equals(told.getAndSet(now))) {
      LOG.atInfo()
          .addKeyValue("source", source)
          .log("The " + owner.service() + " has AWS credentials");
    }
  }

  private void tellWhy(Resolved.Missing missing, Map<String, SourceFailure> reasons) {
    if (missing.reason().equals(told.getAndSet(missing.reason()))) {
      return;
    }
    var all = new ArrayList<String>();
    reasons.forEach((source, why) ->
        all.add(source + ": " + why.reason() + why.detail().map(it -> " [" + it + "]").orElse("")));
    LOG.atWarn()
        .addKeyValue("sources", String.join("; ", all))
        .log("The " + owner.service() + " has no AWS credentials");
  }

  @Override
  public void close() {
    chain.forEach(KeptCredentials::close);
  }

  /// Why there are none now; nothing if there are some.
  public Optional<String> whyNot() {
    return resolve() instanceof Resolved.Missing missing
        ? Optional.of(missing.reason())
        : Optional.empty();
  }
}
