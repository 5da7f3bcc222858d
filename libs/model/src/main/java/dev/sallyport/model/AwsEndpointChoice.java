package dev.sallyport.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/// Which of AWS's endpoints a database wants where no `uri` names one. What is absent is decided by
/// whoever serves the database.
///
/// @param fips the ones with validated cryptography, and never another
/// @param dualStack the ones that also answer over IPv6
/// @param account the ones that belong to the account alone
public record AwsEndpointChoice(
    Optional<Boolean> fips, Optional<Boolean> dualStack, Optional<Account> account) {
  public static final AwsEndpointChoice OPEN =
      new AwsEndpointChoice(Optional.empty(), Optional.empty(), Optional.empty());

  /// What becomes of an account's own endpoints, which only DynamoDB itself has, in one partition,
  /// and not with validated cryptography.
  public enum Account {
    DISABLED,
    /// Used where there are some.
    PREFERRED,
    /// A database that can't have one is refused.
    REQUIRED;

    /// As configurations spell it.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Account> parse(String word) {
      return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
    }

    /// All words, for messages.
    public static String words() {
      return Arrays.stream(values()).map(Account::word).collect(Collectors.joining(", "));
    }
  }

  public AwsEndpointChoice {
    Objects.requireNonNull(fips, "fips");
    Objects.requireNonNull(dualStack, "dualStack");
    Objects.requireNonNull(account, "account");
  }

  public boolean wantsFips() {
    return fips.orElse(false);
  }

  public boolean wantsDualStack() {
    return dualStack.orElse(false);
  }

  /// Whether an account's own endpoint is used where there is one.
  public boolean wantsAccount() {
    return account.filter(choice -> choice != Account.DISABLED).isPresent();
  }

  /// This choice, and the other where this one says nothing.
  public AwsEndpointChoice or(AwsEndpointChoice other) {
    return new AwsEndpointChoice(
        fips.or(other::fips), dualStack.or(other::dualStack), account.or(other::account));
  }
}
