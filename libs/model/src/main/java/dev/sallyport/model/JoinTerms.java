package dev.sallyport.model;

import java.time.Duration;
import java.util.List;

/// What a host has to show to join by a token, and which hosts the token lets in.
public sealed interface JoinTerms {
  /// The terms of a token whose name is a secret.
  JoinTerms SECRET = new SharedSecret();

  /// How a host shows it.
  JoinMethod method();

  /// Whoever knows the token's name may join.
  record SharedSecret() implements JoinTerms {
    @Override
    public JoinMethod method() {
      return JoinMethod.TOKEN;
    }
  }

  /// Whoever AWS names, if one of the rules allows it. The token's name is no secret.
  ///
  /// @param allow at least one
  record AwsCallers(List<AwsCallerRule> allow) implements JoinTerms {
    public AwsCallers {
      allow = List.copyOf(allow);
      requireRules(JoinMethod.IAM, allow);
    }

    @Override
    public JoinMethod method() {
      return JoinMethod.IAM;
    }
  }

  /// An EC2 instance that one of the rules allows, once. The token's name is no secret.
  ///
  /// @param allow at least one
  /// @param ageMax how long after its start an instance may join
  record AwsInstances(List<AwsInstanceRule> allow, Duration ageMax) implements JoinTerms {
    /// The usual time to join.
    public static final Duration AGE_USUAL = Duration.ofMinutes(5);

    /// The longest time to join. An identity document is good for whoever saw it.
    public static final Duration AGE_LONGEST = Duration.ofHours(24);

    public AwsInstances {
      allow = List.copyOf(allow);
      requireRules(JoinMethod.EC2, allow);
      if (!ageMax.isPositive() || ageMax.compareTo(AGE_LONGEST) > 0) {
        throw new IllegalArgumentException(
            "aws_iid_ttl: %s (expected: more than 0s, at most 24h)".formatted(ageMax));
      }
    }

    @Override
    public JoinMethod method() {
      return JoinMethod.EC2;
    }
  }

  private static void requireRules(JoinMethod method, List<?> allow) {
    if (allow.isEmpty()) {
      throw new IllegalArgumentException(
          "the \"%s\" join method requires defined token allow rules".formatted(method.wireName()));
    }
  }
}
