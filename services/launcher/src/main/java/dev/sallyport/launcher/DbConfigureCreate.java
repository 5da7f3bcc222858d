package dev.sallyport.launcher;

import dev.sallyport.model.JoinMethod;
import dev.sallyport.resources.config.TeleportFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `teleport db configure create`: writes the file of a Database Service, with the database that
/// the flags name, with matchers of dynamic databases, or with samples of both.
@Command(name = "create", description = "Writes the configuration file of a Database Service.")
final class DbConfigureCreate implements Callable<Integer> {
  /// What the section may hold, in comments that can be taken as they are.
  static final String SAMPLES =
      """
      #  # Databases that 'tctl create' makes, chosen by their labels. They come and go without
      #  # a restart.
      #  resources:
      #  - labels:
      #      env: dev
      #    aws:
      #      assume_role_arn: arn:aws:iam::123456789012:role/Name
      #  # Databases of this file.
      #  databases:
      #  - name: example-dynamodb
      #    protocol: dynamodb
      #    static_labels:
      #      env: dev
      #    aws:
      #      region: us-east-1
      #      account_id: "123456789012"
      """;

  private final Surroundings around;

  @Option(names = "--proxy", paramLabel = "HOST:PORT", description = "The cluster's Proxy.")
  private String proxy = "0.0.0.0:3080";

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "Join token, or a file with it: /tmp/token unless named.")
  private @Nullable String token;

  @Option(names = "--join-method", paramLabel = "METHOD", description = JoinSetup.METHOD_HELP)
  private @Nullable String joinMethod;

  @Option(names = "--ca-pin", paramLabel = "PIN", description = "The cluster's pin; may repeat.")
  private List<String> caPins = new ArrayList<>();

  @Option(names = "--name", paramLabel = "NAME", description = "The database's name.")
  private @Nullable String name;

  @Option(names = "--protocol", paramLabel = "PROTOCOL", description = "dynamodb.")
  private @Nullable String protocol;

  @Option(
      names = "--uri",
      paramLabel = "ADDRESS",
      description = "Another endpoint than AWS's rules give; needs no word with --aws-region.")
  private @Nullable String uri;

  @Option(names = "--labels", paramLabel = "K=V,…", description = "Static labels.")
  private @Nullable String labels;

  @Option(names = "--aws-region", paramLabel = "REGION", description = "The AWS region.")
  private @Nullable String region;

  @Option(names = "--aws-account-id", paramLabel = "ID", description = "The AWS account.")
  private @Nullable String account;

  @Option(
      names = "--aws-assume-role-arn",
      paramLabel = "ARN",
      description = "A role that the agent assumes before the user's.")
  private @Nullable String assumeRole;

  @Option(
      names = "--aws-external-id",
      paramLabel = "ID",
      description = "Handed to AWS with the agent's first AssumeRole.")
  private @Nullable String externalId;

  @Option(names = "--ca-cert-file", paramLabel = "FILE", description = "Authority of the uri.")
  private @Nullable String caCertFile;

  @Option(
      names = "--dynamic-resources-labels",
      paramLabel = "K=V,…",
      description = "Labels of dynamic databases to serve; may repeat.")
  private List<String> dynamic = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "WHERE",
      description = OutputTarget.HELP)
  private String output = "stdout";

  DbConfigureCreate(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() throws StartFailure {
    var target = OutputTarget.parse(output, TeleportFile.USUAL_PATH);
    target.write(draft().text(), "rw-------", around.out(), ConfigDraft.next(target));
    return 0;
  }

  private ConfigDraft draft() throws StartFailure {
    var method = joinMethod == null ? JoinMethod.TOKEN : JoinSetup.method(joinMethod);
    var draft = ConfigDraft.ofThisHost().proxyServer(proxy).join(method, token(method)).log();
    if (!caPins.isEmpty()) {
      draft.instance("ca_pin", caPins);
    }
    var keys = new LinkedHashMap<String, Object>();
    if (!dynamic.isEmpty()) {
      var resources = new ArrayList<Map<String, Object>>();
      for (var matcher : dynamic) {
        resources.add(Map.of("labels", LabelPairs.parse("--dynamic-resources-labels", matcher)));
      }
      keys.put("resources", resources);
    }
    if (isStatic()) {
      keys.put("databases", List.of(database()));
    }
    draft.enable("db_service", keys);
    return keys.isEmpty() ? draft.comment(SAMPLES) : draft;
  }

  /// The usual file holds a secret: no other method's token is named by it.
  private String token(JoinMethod method) throws StartFailure {
    if (token != null) {
      return token;
    }
    if (method == JoinMethod.TOKEN) {
      return "/tmp/token";
    }
    throw new StartFailure(JoinSetup.NEEDS_TOKEN);
  }

  private boolean isStatic() {
    // Each flag of a static database asks for one, so that none is dropped without a word.
    return Stream.of(
            name, protocol, uri, labels, region, account, assumeRole, externalId, caCertFile)
        .anyMatch(Objects::nonNull);
  }

  private Map<String, Object> database() throws StartFailure {
    var database = new LinkedHashMap<String, Object>();
    database.put("name", required("--name", name));
    database.put("protocol", required("--protocol", protocol));
    if (uri == null && region == null) {
      required("--uri", uri);
    }
    put(database, "uri", uri);
    if (labels != null) {
      database.put("static_labels", LabelPairs.parse("--labels", labels));
    }
    if (caCertFile != null) {
      database.put("tls", Map.of("ca_cert_file", caCertFile));
    }
    var aws = new LinkedHashMap<String, Object>();
    put(aws, "region", region);
    put(aws, "account_id", account);
    put(aws, "assume_role_arn", assumeRole);
    put(aws, "external_id", externalId);
    if (!aws.isEmpty()) {
      database.put("aws", aws);
    }
    return database;
  }

  private static void put(Map<String, Object> into, String key, @Nullable String value) {
    if (value != null) {
      into.put(key, value);
    }
  }

  private static String required(String flag, @Nullable String value) throws StartFailure {
    if (value == null || value.isEmpty()) {
      throw new StartFailure(flag + " is required when configuring static database");
    }
    return value;
  }
}
