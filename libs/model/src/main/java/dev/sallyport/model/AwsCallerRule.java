package dev.sallyport.model;

import java.util.Objects;
import java.util.Optional;

/// Which callers of AWS a token lets in. It always says of which account: a role's name alone would
/// mean the roles of that name of everybody.
///
/// @param account twelve digits
/// @param arn absent means any caller of the account, in the partition `aws`
public record AwsCallerRule(Optional<String> account, Optional<AwsPrincipalPattern> arn) {
  static final String COMMERCIAL = "aws";

  public AwsCallerRule {
    Objects.requireNonNull(account, "account");
    Objects.requireNonNull(arn, "arn");
    var named = arn.flatMap(AwsPrincipalPattern::account);
    if (account.isEmpty() && arn.isEmpty()) {
      throw new IllegalArgumentException("must set \"aws_account\" or \"aws_arn\"");
    }
    account.ifPresent(AwsCallerRule::requireAccount);
    if (account.isEmpty() && named.isEmpty()) {
      throw new IllegalArgumentException(
          "aws_arn: names no account, so \"aws_account\" must; else everybody's roles would fit");
    }
    if (account.isPresent() && named.isPresent() && !account.equals(named)) {
      throw new IllegalArgumentException(
          "aws_account: %s is not the account of \"aws_arn\", so nobody would fit"
              .formatted(Quoted.of(account.get())));
    }
  }

  static void requireAccount(String account) {
    if (!account.matches("[0-9]{12}")) {
      throw new IllegalArgumentException(
          "aws_account: %s (expected: 12 digits)".formatted(Quoted.of(account)));
    }
  }

  /// Whether it lets the caller in.
  public boolean allows(AwsPrincipal caller) {
    return account.filter(one -> !one.equals(caller.account())).isEmpty()
        && (arn.isPresent() ? arn.get().matches(caller) : caller.partition().equals(COMMERCIAL));
  }
}
