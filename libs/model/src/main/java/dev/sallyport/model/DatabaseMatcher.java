package dev.sallyport.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// Chooses, by labels, databases that were created in the cluster, for a Database Service to serve.
///
/// @param labels what a database must have
/// @param assumeRoleArn the role that the agent assumes before the user's, instead of what the
///   database says
/// @param externalId handed to AWS with that role
/// @param allowHosts hosts beside AWS's endpoints that these databases may be served from
public record DatabaseMatcher(
    LabelSelector labels,
    Optional<String> assumeRoleArn,
    Optional<String> externalId,
    List<AllowedHost> allowHosts) {
  /// Checks that an external id comes with its role.
  public DatabaseMatcher {
    Objects.requireNonNull(labels, "labels");
    allowHosts = List.copyOf(allowHosts);
    assumeRoleArn.ifPresent(DatabaseAws::checkArn);
    externalId.ifPresent(DatabaseAws::checkExternalId);
    if (externalId.isPresent() && assumeRoleArn.isEmpty()) {
      throw new InvalidDatabase(
          "aws.external_id", "needs aws.assume_role_arn, to which it belongs");
    }
  }

  /// Without hosts beside AWS's.
  public DatabaseMatcher(
      LabelSelector labels, Optional<String> assumeRoleArn, Optional<String> externalId) {
    this(labels, assumeRoleArn, externalId, List.of());
  }

  /// Checks that a database of the cluster sends this agent nowhere but to AWS and the hosts that
  /// are allowed. An authority of its own is for the latter alone.
  ///
  /// @throws InvalidDatabase with the field and what to do
  public void requireKnownHosts(Database database) {
    requireKnown("uri", database.uri());
    requireKnown("streams_uri", database.serviceUris().streams());
    requireKnown("dax_uri", database.serviceUris().dax());
    if (database.tls().caCertPem().isPresent() && !isOfAllowedHosts(database)) {
      throw new InvalidDatabase(
          "tls.ca_cert",
          "its tls.ca_cert: an authority of its own is taken only for hosts under allow_hosts of"
              + " the agent's db_service.resources");
    }
  }

  private void requireKnown(String field, Optional<String> text) {
    if (text.isEmpty()) {
      return;
    }
    var address = DatabaseUri.parse(text.get());
    if (address.filter(AllowedHost::isOfAws).or(() -> address.filter(this::isAllowed)).isEmpty()) {
      throw new InvalidDatabase(
          field,
          ("its %s %s is no endpoint of AWS: an agent serves such a database of the cluster only"
                  + " when allow_hosts of its db_service.resources has %s")
              .formatted(field, Quoted.of(text.get()), wanted(address)));
    }
  }

  private static String wanted(Optional<DatabaseUri> address) {
    return address.map(uri -> Quoted.of(AllowedHost.of(uri).toString())).orElse("its host");
  }

  private boolean isOfAllowedHosts(Database database) {
    var others = database.serviceUris();
    return database.uri().isPresent()
        && Stream.of(database.uri(), others.streams(), others.dax())
            .flatMap(Optional::stream)
            .allMatch(text -> DatabaseUri.parse(text).filter(this::isAllowed).isPresent());
  }

  private boolean isAllowed(DatabaseUri address) {
    return allowHosts.stream().anyMatch(host -> host.allows(address));
  }

  /// The database as this matcher has it served.
  public Database applied(Database database) {
    return assumeRoleArn.isEmpty()
        ? database
        : database.withAws(database.aws().through(assumeRoleArn, externalId));
  }
}
