package dev.sallyport.agent.aws;

import dev.sallyport.agent.aws.RoleSession.StsPlace;
import dev.sallyport.dynamodb.AwsService;
import dev.sallyport.model.AwsEndpointChoice;
import dev.sallyport.model.Database;
import dev.sallyport.pki.SystemTrust;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The standard AWS variables of the agent's environment, as a map so that several agents may live
/// in one process.
///
/// @param env the environment
/// @param trust whom the calls to AWS believe (`AWS_CA_BUNDLE` or the host's own bundle)
public record AwsSettings(Map<String, String> env, SystemTrust trust) {
  private static final String ACCOUNT_MODE = "AWS_ACCOUNT_ID_ENDPOINT_MODE";

  /// In aws-us-gov the plain endpoints are the validated ones.
  private static final Pattern FIPS_STS =
      Pattern.compile("(sts-fips\\.[a-z0-9-]+|sts\\.us-gov-[a-z0-9-]+)\\.[a-z0-9.-]+");

  public AwsSettings {
    env = Map.copyOf(env);
  }

  /// The settings of this environment.
  ///
  /// @throws IOException if the bundle that it names cannot be read
  public static AwsSettings of(Map<String, String> env) throws IOException {
    var bundle = env.getOrDefault("AWS_CA_BUNDLE", "").strip();
    if (bundle.isEmpty()) {
      return new AwsSettings(env, SystemTrust.load(env));
    }
    try {
      return new AwsSettings(env, SystemTrust.load(Map.of("SSL_CERT_FILE", bundle)));
    } catch (IOException e) {
      throw new IOException("AWS_CA_BUNDLE: " + bundle + " cannot be read", e);
    }
  }

  /// A variable that is set and not blank.
  public Optional<String> variable(String name) {
    return Optional.ofNullable(env.get(name)).map(String::strip).filter(text -> !text.isEmpty());
  }

  /// Where STS is, if an operator says so: `AWS_ENDPOINT_URL_STS`, else `AWS_ENDPOINT_URL`, unless
  /// `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` is on.
  ///
  /// @throws IllegalArgumentException if it is no http or https address
  public Optional<URI> stsEndpoint() {
    return endpoint("AWS_ENDPOINT_URL_STS");
  }

  /// Where a service is for databases without a `uri`, if an operator says so, by the same rules:
  /// `AWS_ENDPOINT_URL_DYNAMODB`, `AWS_ENDPOINT_URL_DYNAMODB_STREAMS`, `AWS_ENDPOINT_URL_DAX`.
  ///
  /// @throws IllegalArgumentException if it is no http or https address
  public Optional<URI> endpoint(AwsService service) {
    return endpoint(
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
    var fips = flag("AWS_USE_FIPS_ENDPOINT");
    var others =
        database.endpoint().isPresent()
            ? new AwsEndpointChoice(fips, Optional.empty(), Optional.empty())
            : new AwsEndpointChoice(fips, flag("AWS_USE_DUALSTACK_ENDPOINT"), accountChoice());
    var choice = database.aws().endpoints().or(others);
    if (choice.wantsFips()) {
      stsEndpoint().ifPresent(address -> requireFipsSts(database, address));
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

  private Optional<Boolean> flag(String name) {
    return variable(name)
        .map(text ->
            switch (text.toLowerCase(Locale.ROOT)) {
              case "true" -> true;
              case "false" -> false;
              default ->
                  throw new IllegalArgumentException(
                      name + ": \"" + text + "\" (expected: true or false)");
            });
  }

  private Optional<AwsEndpointChoice.Account> accountChoice() {
    return variable(ACCOUNT_MODE)
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
    return new StsPlace(
        region().or(() -> first).orElse("us-east-1"),
        isOn("AWS_USE_FIPS_ENDPOINT")
            || databases.stream().anyMatch(it -> it.aws().endpoints().wantsFips()),
        isOn("AWS_USE_DUALSTACK_ENDPOINT"));
  }

  /// The region that the environment names.
  Optional<String> region() {
    return variable("AWS_REGION").or(() -> variable("AWS_DEFAULT_REGION"));
  }

  /// Where a service is, if an operator says so by its variable or by the general one.
  ///
  /// @throws IllegalArgumentException if it is no http or https address
  Optional<URI> endpoint(String ofService) {
    if (isOn("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")) {
      return Optional.empty();
    }
    return variable(ofService)
        .map(text -> address(ofService, text))
        .or(() -> variable("AWS_ENDPOINT_URL").map(text -> address("AWS_ENDPOINT_URL", text)));
  }

  /// Whether a switch is on (`true`, in any case).
  boolean isOn(String name) {
    return variable(name).filter("true"::equalsIgnoreCase).isPresent();
  }

  Optional<Path> file(String name) {
    return variable(name).map(Path::of);
  }

  private static URI address(String variable, String text) {
    try {
      var uri = URI.create(text);
      var scheme = uri.getScheme();
      if (uri.getHost() != null
          && ("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(complaint(variable, text), e);
    }
    throw new IllegalArgumentException(complaint(variable, text));
  }

  private static String complaint(String variable, String text) {
    return variable + ": \"" + text + "\" (expected: an http:// or https:// address)";
  }
}
