package dev.sallyport.aws;

import dev.sallyport.pki.SystemTrust;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The standard AWS variables of a service's environment, as a map so that several services may
/// live in one process.
///
/// @param env the environment, which holds secrets: never printed
/// @param trust whom the calls to AWS believe (`AWS_CA_BUNDLE` or the host's own bundle)
public record AwsSettings(Map<String, String> env, SystemTrust trust) {
  /// The switch that keeps programs from asking the instance that they run on.
  public static final String METADATA_OFF = "AWS_EC2_METADATA_DISABLED";

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

  /// A switch that is set.
  ///
  /// @throws IllegalArgumentException if it is neither `true` nor `false`
  public Optional<Boolean> flag(String name) {
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

  /// The STS that is asked for roles of this service's own: of the region that the environment
  /// names, else of this one.
  ///
  /// @param fips whether only validated cryptography does, whatever the environment says
  public StsPlace sts(String otherwise, boolean fips) {
    return new StsPlace(
        region().orElse(otherwise),
        fips || isOn("AWS_USE_FIPS_ENDPOINT"),
        isOn("AWS_USE_DUALSTACK_ENDPOINT"));
  }

  /// Where the metadata service of this instance is, without a slash at the end.
  public String metadataService() {
    var six =
        variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE")
            .filter("ipv6"::equalsIgnoreCase)
            .isPresent();
    return variable("AWS_EC2_METADATA_SERVICE_ENDPOINT")
        .map(text -> text.replaceAll("/+$", ""))
        .orElse(six ? "http://[fd00:ec2::254]" : "http://169.254.169.254");
  }

  /// The region that the environment names.
  public Optional<String> region() {
    return variable("AWS_REGION").or(() -> variable("AWS_DEFAULT_REGION"));
  }

  /// Where a service is, if an operator says so by its variable or by the general one.
  ///
  /// @throws IllegalArgumentException if it is no http or https address
  public Optional<URI> endpoint(String ofService) {
    if (isOn("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")) {
      return Optional.empty();
    }
    return variable(ofService)
        .map(text -> address(ofService, text))
        .or(() -> variable("AWS_ENDPOINT_URL").map(text -> address("AWS_ENDPOINT_URL", text)));
  }

  /// Whether a switch is on (`true`, in any case).
  public boolean isOn(String name) {
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

  /// Without the environment.
  @Override
  public String toString() {
    return "AwsSettings[" + env.size() + " variables]";
  }
}
