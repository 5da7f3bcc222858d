package dev.sallyport.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.testkit.aws.AwsStandIn;
import dev.sallyport.testkit.aws.ScriptedUpstream;
import dev.sallyport.testkit.aws.WireResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Records reach every place that the config file names, also when the place or Auth was away.
final class AuditExportsTest {
  private static final String BUCKET = "audit-logs";
  private static final Pattern UID = Pattern.compile("\"uid\":\"([^\"]+)\"");

  @TempDir Path folder = Path.of("never");

  @Test
  void filesAndBucketLackNothingAfterAnOutageAndARestart() throws Exception {
    var clock = InstantSource.system();
    var upstream = new ScriptedUpstream((request, caller) -> WireResponse.Cut.atOnce());
    try (var aws =
        AwsStandIn.start(AwsStandIn.Account.example(), clock, upstream, Optional.empty())) {
      aws.s3().createBucket(BUCKET);
      try (var cluster = TestCluster.start(folder, aws, clock, exports(aws))) {
        await().until(() -> !inBucket(aws).isEmpty());
        aws.s3().away(true);
        cluster.tctl("lock", "--user=alice", "--message=left").orFail();
        await().until(() -> status(cluster).contains("SlowDown"));
        cluster.restart();
        cluster.tctl("lock", "--user=bob", "--message=left").orFail();
        aws.s3().away(false);
        var recorded = uids(cluster.tctl("audit", "search", "--format=json").orFail().output());
        assertThat(recorded).hasSizeGreaterThan(3);
        await().until(() -> inBucket(aws).containsAll(recorded));
        await().until(() -> inFiles(cluster).containsAll(recorded));
        assertThat(inFiles(cluster)).doesNotHaveDuplicates();
        await().until(() -> !status(cluster).contains("SlowDown"));
        assertThat(status(cluster)).contains("s3://audit-logs/prod/", "30 days, 1024 MB");
        assertThat(aws.s3().objects(BUCKET).firstKey())
            .matches("prod/20\\d\\d/\\d\\d/\\d\\d/\\d{8}T\\d{6}Z-000000000001\\.jsonl\\.gz");
      }
    }
  }

  /// The source that is set up is the one: a profile whose command fails, and is mended.
  @Test
  void aBucketsCredentialsThatFailAreToldAndNoOthersAreUsed() throws Exception {
    var clock = InstantSource.system();
    var upstream = new ScriptedUpstream((request, caller) -> WireResponse.Cut.atOnce());
    var config = folder.resolve("aws-config");
    Files.writeString(config, "[default]\ncredential_process = exit 9\n");
    try (var aws =
        AwsStandIn.start(AwsStandIn.Account.example(), clock, upstream, Optional.empty())) {
      aws.s3().createBucket(BUCKET);
      var variables =
          Map.of(
              "AWS_ACCESS_KEY_ID",
              "",
              "AWS_SECRET_ACCESS_KEY",
              "",
              "AWS_CONFIG_FILE",
              config.toString(),
              "AWS_SHARED_CREDENTIALS_FILE",
              folder.resolve("none").toString());
      try (var cluster = TestCluster.start(folder, aws, clock, exports(aws), variables)) {
        await()
            .until(() ->
                status(cluster)
                    .contains(
                        "the Auth Service gets no AWS credentials from profile \"default\":"
                            + " credential_process ended with exit code 9"));
        assertThat(inBucket(aws)).isEmpty();
        var keys = folder.resolve("keys.json");
        Files.writeString(
            keys,
            "{\"Version\":1,\"AccessKeyId\":\"%s\",\"SecretAccessKey\":\"%s\"}"
                .formatted(aws.account().agentKeyId(), aws.account().agentSecret()));
        Files.writeString(config, "[default]\ncredential_process = cat " + keys + "\n");
        await().until(() -> !inBucket(aws).isEmpty());
        assertThat(folder.resolve("teleport.log"))
            .content()
            .doesNotContain(aws.account().agentSecret());
      }
    }
  }

  private static String exports(AwsStandIn aws) {
    return """
      audit:
        keep_for: 30d
        keep_size: 1GiB
        s3: {bucket: %s, prefix: prod, endpoint: "%s", path_style: yes, every: 1s}
    """
        .formatted(BUCKET, aws.s3Uri());
  }

  private static String status(TestCluster cluster) {
    return cluster.tctl("audit", "status").orFail().output();
  }

  private static List<String> inBucket(AwsStandIn aws) throws IOException {
    var found = new ArrayList<String>();
    for (var object : aws.s3().objects(BUCKET).values()) {
      try (var gzip = new GZIPInputStream(new ByteArrayInputStream(object))) {
        found.addAll(uids(new String(gzip.readAllBytes(), StandardCharsets.UTF_8)));
      }
    }
    return found;
  }

  private static List<String> inFiles(TestCluster cluster) throws IOException {
    var found = new ArrayList<String>();
    try (var files = Files.newDirectoryStream(cluster.dataFolder().resolve("log"), "*.jsonl")) {
      for (var file : files) {
        found.addAll(uids(Files.readString(file)));
      }
    }
    return found;
  }

  private static List<String> uids(String text) {
    return UID.matcher(text).results().map(match -> match.group(1)).toList();
  }
}
