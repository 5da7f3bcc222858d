package dev.sallyport.testkit.aws;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/// AWS on this machine: one account in one region, with STS, a little S3, and DynamoDB behind a
/// gate that verifies signatures.
///
/// ```
/// try (var aws = AwsStandIn.start(AwsStandIn.Account.example(), InstantSource.system())) {
///   aws.sts().put(TrustedRole.trusting(aws.account().role("Reader"), aws.account().agentArn()));
///   run(aws.agentEnvironment(), aws.dynamoDbUri());
///   aws.gate().received();
/// }
/// ```
///
/// Whoever starts it closes it.
public final class AwsStandIn implements AutoCloseable {

  /// The account, and the agent's user in it.
  ///
  /// @param id twelve digits
  /// @param region the only region
  /// @param agentKeyId the access key id of the agent's user
  /// @param agentSecret its secret
  public record Account(String id, String region, String agentKeyId, String agentSecret) {

    /// The account of the guide.
    public static Account example() {
      return new Account(
          "123456789012", "us-east-1", "AKIASALLYPORTAGENT00", "agent/secret+of=the/stand+in");
    }

    /// The ARN of the agent's user.
    public String agentArn() {
      return "arn:aws:iam::" + id + ":user/sallyport-agent";
    }

    /// The ARN of a role in the account.
    public String role(String name) {
      return "arn:aws:iam::" + id + ":role/" + name;
    }
  }

  private final Account account;
  private final AccessKeys keys;
  private final StsStandIn sts;
  private final AwsGate gate;
  private final S3StandIn s3;
  private final WireServer stsServer;
  private final WireServer s3Server;
  private final WireServer gateServer;
  private final boolean tls;
  private final AutoCloseable behind;

  private AwsStandIn(
      Account account,
      InstantSource clock,
      Upstream upstream,
      AutoCloseable behind,
      Optional<SSLContext> tls)
      throws IOException {
    this.account = account;
    this.behind = behind;
    this.tls = tls.isPresent();
    this.keys = new AccessKeys();
    SignatureCheck check = new SignatureCheck(keys, clock);
    this.sts = new StsStandIn(keys, check, clock, account.region());
    this.gate = new AwsGate(check, clock, account.region(), upstream);
    keys.add(AccessKey.ofUser(account.agentKeyId(), account.agentSecret(), account.agentArn()));
    this.stsServer = WireServer.start(Optional.empty(), sts::answer);
    this.s3 = new S3StandIn(check, account.region());
    this.gateServer = WireServer.start(tls, gate::answer);
    this.s3Server = WireServer.start(Optional.empty(), s3::answer);
  }

  /// Starts it with DynamoDB Local behind the gate.
  public static AwsStandIn start(Account account, InstantSource clock) {
    DynamoDbLocal local = DynamoDbLocal.start();
    HttpUpstream upstream = new HttpUpstream(local.uri());
    Upstream withDax =
        (request, caller) ->
            AwsGate.isOfDax(request) ? oneCluster(request) : upstream.answer(request, caller);
    AutoCloseable both =
        () -> {
          upstream.close();
          local.close();
        };
    return start(account, clock, withDax, both, Optional.empty());
  }

  /// The control API of DAX knows of one cluster, and of one operation.
  private static WireResponse oneCluster(WireRequest request) {
    return request.only("X-Amz-Target").orElse("").endsWith(".DescribeClusters")
        ? ScriptedUpstream.json(
            200, "R", "{\"Clusters\":[{\"ClusterName\":\"shelf\",\"Status\":\"available\"}]}")
        : ScriptedUpstream.json(400, "R", "{\"__type\":\"UnknownOperationException\"}");
  }

  /// Starts it with something else behind the gate, which stays its owner's to close.
  ///
  /// @param tls when the gate shall speak HTTPS
  public static AwsStandIn start(
      Account account, InstantSource clock, Upstream upstream, Optional<SSLContext> tls) {
    return start(account, clock, upstream, () -> {}, tls);
  }

  private static AwsStandIn start(
      Account account,
      InstantSource clock,
      Upstream upstream,
      AutoCloseable behind,
      Optional<SSLContext> tls) {
    try {
      return new AwsStandIn(account, clock, upstream, behind, tls);
    } catch (IOException e) {
      throw new UncheckedIOException("the stand-in for AWS cannot listen", e);
    }
  }

  /// The account.
  public Account account() {
    return account;
  }

  /// STS: its roles, its calls, how it is doing.
  public StsStandIn sts() {
    return sts;
  }

  /// The door of DynamoDB: what came, how it is doing.
  public AwsGate gate() {
    return gate;
  }

  /// S3: what was put there, how it is doing.
  public S3StandIn s3() {
    return s3;
  }

  /// The server of the gate, to count and cut connections.
  public WireServer gateServer() {
    return gateServer;
  }

  /// Where STS listens.
  public URI stsUri() {
    return URI.create("http://127.0.0.1:" + stsServer.port());
  }

  /// Where S3 listens.
  public URI s3Uri() {
    return URI.create("http://127.0.0.1:" + s3Server.port());
  }

  /// Where the gate listens; with TLS under the name `localhost`.
  public URI dynamoDbUri() {
    return URI.create((tls ? "https://localhost:" : "http://127.0.0.1:") + gateServer.port());
  }

  /// Lets another user in.
  public void addKey(AccessKey key) {
    keys.add(key);
  }

  /// Every key that is known or was given out, and was not taken back.
  public List<AccessKey> keys() {
    return keys.all();
  }

  /// Ends every session, as if AWS had revoked them.
  public void forgetSessions() {
    keys.forgetSessions();
  }

  /// The variables that an agent needs to be the agent's user here.
  public Map<String, String> agentEnvironment() {
    return Map.of(
        "AWS_ACCESS_KEY_ID", account.agentKeyId(),
        "AWS_SECRET_ACCESS_KEY", account.agentSecret(),
        "AWS_REGION", account.region(),
        "AWS_ENDPOINT_URL_STS", stsUri().toString(),
        "AWS_EC2_METADATA_DISABLED", "true");
  }

  /// Credentials of the agent's user, to reach the gate directly.
  public AwsCredentials agentCredentials() {
    return AwsBasicCredentials.create(account.agentKeyId(), account.agentSecret());
  }

  /// Credentials of a key, for a client of the SDK.
  public static AwsCredentials credentials(AccessKey key) {
    return key.token().isPresent()
        ? AwsSessionCredentials.create(key.id(), key.secret(), key.token().get())
        : AwsBasicCredentials.create(key.id(), key.secret());
  }

  @Override
  public void close() {
    stsServer.close();
    gateServer.close();
    s3Server.close();
    try {
      behind.close();
    } catch (Exception e) {
      throw new IllegalStateException("the stand-in for AWS does not stop", e);
    }
  }
}
