package dev.sallyport.tctl;

import dev.sallyport.control.ClusterStatus;
import dev.sallyport.control.CreateTokenRequest;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Secret;
import dev.sallyport.model.SystemRole;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `tctl tokens add --type=db --format=text`: prints a new join token.
@Command(name = "add", description = "Creates a join token.")
final class TokensAddCommand implements Callable<Integer> {
  /// How long a token works unless `--ttl` says otherwise.
  static final Duration TOKEN_TTL = Duration.ofMinutes(30);

  private final Tool tool;

  @Option(names = "--type", split = ",", required = true, description = "what may join: db")
  List<String> types = List.of();

  @Option(names = "--value", description = "the token itself (default: random)")
  @Nullable String value;

  @Option(names = "--ttl", description = "how long it works (default: 30m)")
  @Nullable String ttl;

  @Option(
      names = "--databases",
      split = ",",
      description = "names of databases that the host may announce (default: any)")
  List<String> databases = List.of(ProvisionToken.ANY_DATABASE);

  @Option(names = "--labels", description = "labels of the token: k=v,k2=v2")
  String labels = "";

  @Mixin DatabaseSketch database = new DatabaseSketch();

  @Option(names = "--format", description = "text, json or yaml (default: instructions)")
  @Nullable String format;

  TokensAddCommand(Tool tool) {
    this.tool = tool;
  }

  @Override
  public Integer call() {
    String requested = format;
    Optional<OutputFormat> chosen = Optional.ofNullable(requested).map(OutputFormat::parse);
    Duration life = TtlOption.parse(ttl).orElse(TOKEN_TTL);
    var request =
        new CreateTokenRequest(
            types.stream().map(TokensAddCommand::role).toList(),
            Optional.of(life),
            Optional.ofNullable(value).map(Secret::of),
            databases,
            Optional.of(LabelOption.parse("--labels", labels)));
    tool.withApi(api -> {
      ProvisionToken token = api.createToken(request);
      chosen.ifPresentOrElse(
          known -> print(known, token), () -> printInstructions(token, life, api.status()));
      return 0;
    });
    return 0;
  }

  private static String role(String type) {
    return SystemRole.parse(type)
        .map(SystemRole::wireName)
        .orElseThrow(
            () -> new CommandFailed("invalid role: \"" + type + "\" (expected: db or proxy)"));
  }

  private void print(OutputFormat chosen, ProvisionToken token) {
    switch (chosen) {
      case TEXT -> tool.out().println(token.metadata().name());
      case JSON -> tool.out().println(OutputFormat.json(fields(token)));
      case YAML ->
          fields(token)
              .forEach((key, field) -> tool.out().println(key + ": " + OutputFormat.json(field)));
    }
  }

  private static Map<String, Object> fields(ProvisionToken token) {
    Map<String, Object> fields = new LinkedHashMap<>();
    token.metadata().expires().ifPresent(expires -> fields.put("expires", expires.toString()));
    fields.put("roles", token.roles().stream().map(SystemRole::wireName).toList());
    fields.put("token", token.metadata().name());
    return fields;
  }

  private void printInstructions(ProvisionToken token, Duration life, ClusterStatus status) {
    String pins = String.join(", ", status.caPins());
    tool.out()
        .printf(
            """
            The invite token: %s
            This token will expire in %d minutes.

            Write it to /tmp/token on the host that joins, and start the service there with this
            configuration file, with the address of your Proxy:

              version: v3
              teleport:
                data_dir: /var/lib/teleport
                proxy_server: <proxy host:port>
                auth_token: /tmp/token
                # only where the Proxy has no public certificate:
                # ca_pin: "%s"
              db_service:
                enabled: true
                databases:
                  - name: %s
                    protocol: %s
                    %s

            The token is a secret until then: it lets any host join as %s.
            """,
            token.metadata().name(),
            life.toMinutes(),
            pins,
            database.name,
            database.protocol,
            database.place(),
            ResourceTables.types(token));
  }
}
