package dev.sallyport.agent.aws;

import dev.sallyport.aws.AwsSettings;
import dev.sallyport.aws.StsPlace;
import dev.sallyport.dynamodb.AwsService;
import dev.sallyport.model.AwsEndpointChoice;
import dev.sallyport.model.Database;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// What the environment says of the endpoints of databases.
///
/// @param settings the environment
public record DatabaseEndpoints(AwsSettings settings) {
  private static final String ACCOUNT_MODE = "AWS_ACCOUNT_ID_ENDPOINT_MODE";

  /// In aws-us-gov the plain endpoints are the validated ones.
  private static final Pattern FIPS_STS =
      Pattern.compile("(sts-fips\\.[a-z0-9-]+|sts\\.us-gov-[a-z0-9-]+)\\.[a-z0-9.-]+");

  /// Where a service is for databases without a `uri`, if an operator says so, by the rules of
  /// [AwsSettings#endpoint]: `AWS_ENDPOINT_URL_DYNAMODB`, `AWS_ENDPOINT_URL_DYNAMODB_STREAMS`,
  /// `AWS_ENDPOINT_URL_DAX`.
  ///
  /// @throws IllegalArgumentException if it is no http or https address
  public Optional<URI> endpoint(AwsService service) {
    return settings.endpoint(
        switch (service) {
          case DYNAMODB -> "AWS_ENDPOINT_URL_DYNAMODB";
          case STREAMS -> "AWS_ENDPOINT_URL_DYNAMODB_STREAMS";
          case DAX -> "AWS_ENDPOINT_URL_DAX";
        });
  }

  /// The databases with what the environment says of endpoints (`AWS_USE_FIPS_ENDPOINT`,
  /// `AWS_USE_DUALSTACK_ENDPOINT`, `AWS_ACCOUNT_ID_ENDPOINT_MODE`) where they say nothing. Of a
  /// database with a `uri` only the first counts: it must never be passed over in silence.
  ///
  /// @throws IllegalArgumentException if a database or a variable does not fit
  public List<Database> complete(List<Database> databases) {
    return databases.stream().map(this::complete).toList();
  }

  private Database complete(Database database) {
    var fips = settings.flag("AWS_USE_FIPS_ENDPOINT");
    var others =
        database.endpoint().isPresent()
            ? new AwsEndpointChoice(fips, Optional.empty(), Optional.empty())
            : new AwsEndpointChoice(
                fips, settings.flag("AWS_USE_DUALSTACK_ENDPOINT"), accountChoice());
    var choice = database.aws().endpoints().or(others);
    if (choice.wantsFips()) {
      settings.stsEndpoint().ifPresent(address -> requireFipsSts(database, address));
    }
    return database.withAws(database.aws().withEndpoints(choice));
  }

  private static void requireFipsSts(Database database, URI address) {
    var host = address.getHost();
    if (!FIPS_STS.matcher(host).matches()) {
      throw new IllegalArgumentException(
          ("database \"%s\" asks for FIPS endpoints, and %s, which the environment sets for STS,"
                  + " is none")
              .formatted(database.name(), address));
    }
  }

  private Optional<AwsEndpointChoice.Account> accountChoice() {
    return settings
        .variable(ACCOUNT_MODE)
        .map(text ->
            AwsEndpointChoice.Account.parse(text.toLowerCase(Locale.ROOT))
                .orElseThrow(() ->
                    new IllegalArgumentException(
                        "%s: \"%s\" (expected one of: %s)"
                            .formatted(ACCOUNT_MODE, text, AwsEndpointChoice.Account.words()))));
  }

  /// The STS that is asked for roles of the agent's own: of the region that the environment names,
  /// else of the first database. With validated cryptography as soon as the environment or one of
  /// the databases wants it.
  ///
  /// @param databases after [#complete]
  public StsPlace ownSts(List<Database> databases) {
    var first = databases.stream().findFirst().map(it -> it.aws().region());
    return settings.sts(
        first.orElse("us-east-1"),
        databases.stream().anyMatch(it -> it.aws().endpoints().wantsFips()));
  }
}
