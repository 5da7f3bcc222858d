package dev.sallyport.model;

import java.util.Optional;
import java.util.regex.Pattern;

/// What makes the description of a database right, in the order in which faults are told.
public final class DatabaseRules {
  /// The only protocol served here.
  public static final String PROTOCOL = "dynamodb";

  private static final Pattern NAME = Pattern.compile("[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?");

  private DatabaseRules() {}

  /// Gives the AWS part back with its region filled in from the `uri` where it had none.
  ///
  /// @throws InvalidDatabase with what to change
  public static DatabaseAws check(
      String name, String protocol, Optional<String> uri, ServiceUris others, DatabaseAws aws) {
    checkName(name);
    if (!protocol.equals(PROTOCOL)) {
      throw new InvalidDatabase(
          "protocol",
          "unsupported database %s protocol %s, supported are: [%s]"
              .formatted(Quoted.of(name), Quoted.of(protocol), PROTOCOL));
    }
    var address = uri.map(text -> parse(name, text));
    var place = address.flatMap(DatabaseUri::endpointName);
    var region = region(name, uri, aws, place);
    checkAccount(name, aws.accountId());
    address.ifPresent(a -> checkAddress(a, uri.orElseThrow()));
    place.ifPresent(p -> checkPlace(name, p, region, aws.accountId()));
    var whole = aws.inRegion(region);
    EndpointRules.check(name, uri, others, whole);
    return whole;
  }

  private static void checkName(String name) {
    if (name.isEmpty()) {
      throw new InvalidDatabase("name", "database name is empty");
    }
    if (name.length() > Names.MAX_LENGTH || !NAME.matcher(name).matches()) {
      throw new InvalidDatabase(
          "name",
          ("invalid database name %s: it begins with a letter, goes on with up to %d letters,"
                  + " digits and hyphens, and does not end in a hyphen")
              .formatted(Quoted.of(name), Names.MAX_LENGTH - 1));
    }
  }

  private static DatabaseUri parse(String name, String text) {
    return DatabaseUri.parse(text)
        .orElseThrow(() ->
            new InvalidDatabase(
                "uri",
                ("database %s has invalid URI %s (expected: host, host:port, or either behind"
                        + " http:// or https://)")
                    .formatted(Quoted.of(name), Quoted.of(text))));
  }

  private static String region(
      String name, Optional<String> uri, DatabaseAws aws, Optional<AwsEndpointName> place) {
    var quoted = Quoted.of(name);
    if (uri.isEmpty() && aws.region().isEmpty()) {
      throw new InvalidDatabase(
          "aws.region",
          "DynamoDB database %s URI is empty and cannot be derived without a configured AWS region"
              .formatted(quoted));
    }
    if (aws.accountId().isEmpty()) {
      throw new InvalidDatabase(
          "aws.account_id", "database %s AWS account ID is empty".formatted(quoted));
    }
    if (aws.region().isEmpty() && place.isEmpty()) {
      throw new InvalidDatabase(
          "aws.region",
          "database %s AWS region is empty and cannot be derived from the URI %s"
              .formatted(quoted, Quoted.of(uri.orElse(""))));
    }
    if (aws.region().isEmpty()) {
      return place.orElseThrow().region();
    }
    if (place.isPresent() && !place.get().region().equals(aws.region())) {
      throw new InvalidDatabase(
          "aws.region",
          ("database %s AWS region %s does not match the configured URI region %s, omit the URI"
                  + " and it will be derived automatically for the configured AWS region")
              .formatted(quoted, Quoted.of(aws.region()), Quoted.of(place.get().region())));
    }
    if (!AwsPartition.isRegion(aws.region())) {
      throw new InvalidDatabase(
          "aws.region",
          "database %s has invalid AWS region %s (expected: like us-east-1)"
              .formatted(quoted, Quoted.of(aws.region())));
    }
    return aws.region();
  }

  private static void checkAccount(String name, String accountId) {
    if (!RoleArn.isAccountId(accountId)) {
      throw new InvalidDatabase(
          "aws.account_id",
          "database %s has invalid AWS account ID: %s must be 12-digit"
              .formatted(Quoted.of(name), Quoted.of(accountId)));
    }
  }

  private static void checkAddress(DatabaseUri address, String text) {
    if (address.isAws() && address.endpointName().isEmpty()) {
      throw new InvalidDatabase(
          "uri",
          "invalid DynamoDB endpoint %s (omit the URI and it will be derived from the AWS region)"
              .formatted(Quoted.of(text)));
    }
    if (address.scheme().equals("aws") && !address.isAws()) {
      throw new InvalidDatabase(
          "uri", "invalid DynamoDB endpoint %s (not a host of AWS)".formatted(Quoted.of(text)));
    }
    if (address.isAws() && address.scheme().equals("http")) {
      throw new InvalidDatabase(
          "uri",
          "%s would send requests to AWS unencrypted (use https:// or omit the URI)"
              .formatted(Quoted.of(text)));
    }
  }

  private static void checkPlace(
      String name, AwsEndpointName place, String region, String accountId) {
    if (!AwsPartition.ofRegion(region).uses(place.suffix())) {
      throw new InvalidDatabase(
          "uri",
          "invalid AWS region %s for AWS partition %s"
              .formatted(Quoted.of(region), Quoted.of(AwsPartition.ofSuffix(place.suffix()).id())));
    }
    if (place.accountId().isPresent() && !place.accountId().get().equals(accountId)) {
      throw new InvalidDatabase(
          "uri",
          "database %s AWS account ID %s does not match the account ID %s of the configured URI"
              .formatted(
                  Quoted.of(name), Quoted.of(accountId), Quoted.of(place.accountId().get())));
    }
  }
}
