package dev.sallyport.testkit.aws;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/// The metadata service of one EC2 instance, version 2 alone: it gives nothing without a session
/// token. It signs the identity document with a key of its own, whose certificate stands for AWS's
/// of that region. Whoever starts it closes it.
public final class ImdsStandIn implements AutoCloseable {
  private static final Duration CERTIFICATE_LIFE = Duration.ofDays(3_650);
  private static final int KEY_BITS = 2_048;
  private static final Duration ROLE_LIFE = Duration.ofHours(6);
  private static final String ROLES = "/latest/meta-data/iam/security-credentials/";
  private static final String ALGORITHM = "SHA256withRSA";

  private final Instance instance;
  private final KeyPair keys;
  private final X509Certificate certificate;
  private final WireServer server;
  private final Set<String> sessions = ConcurrentHashMap.newKeySet();
  private volatile Optional<AccessKey> role = Optional.empty();

  /// The instance.
  public record Instance(String account, String region, String id, Instant started) {
    String document() {
      return """
      {
        "accountId" : "%s",
        "architecture" : "x86_64",
        "availabilityZone" : "%sa",
        "billingProducts" : null,
        "imageId" : "ami-5fb8c835",
        "instanceId" : "%s",
        "instanceType" : "t3.micro",
        "pendingTime" : "%s",
        "privateIp" : "10.158.112.84",
        "region" : "%s",
        "version" : "2017-09-30"
      }\
      """
          .formatted(account, region, id, started, region);
    }
  }

  private ImdsStandIn(Instance instance) throws IOException {
    this.instance = instance;
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(KEY_BITS);
      keys = generator.generateKeyPair();
      certificate = certificate(keys, instance.started());
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("this JDK has no RSA", e);
    }
    server = WireServer.start(Optional.empty(), this::answer);
  }

  /// Starts it.
  public static ImdsStandIn start(Instance instance) {
    try {
      return new ImdsStandIn(instance);
    } catch (IOException e) {
      throw new UncheckedIOException("the stand-in for the metadata service cannot listen", e);
    }
  }

  private static X509Certificate certificate(KeyPair keys, Instant started)
      throws GeneralSecurityException, OperatorCreationException {
    var name = new X500Name("CN=a region of the stand-in");
    var from = started.minus(Duration.ofDays(1));
    var builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.ONE,
            Date.from(from),
            Date.from(from.plus(CERTIFICATE_LIFE)),
            name,
            keys.getPublic());
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder(ALGORITHM).build(keys.getPrivate())));
  }

  /// What verifies its documents.
  public X509Certificate certificate() {
    return certificate;
  }

  /// Where it is, which is `http://169.254.169.254` on an instance.
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  /// The variables by which programs find it.
  public Map<String, String> environment() {
    return Map.of("AWS_EC2_METADATA_SERVICE_ENDPOINT", uri().toString());
  }

  /// Gives the instance a role, by these credentials of it.
  ///
  /// @param key a session's, so with a token and an end
  public void role(AccessKey key) {
    role = Optional.of(key);
  }

  private WireResponse answer(WireRequest request) {
    if (request.path().equals("/latest/api/token")) {
      if (!request.method().equals("PUT")
          || request.only("X-aws-ec2-metadata-token-ttl-seconds").isEmpty()
          || !request.all("X-Forwarded-For").isEmpty()) {
        return text(400, "Bad Request");
      }
      var session = UUID.randomUUID().toString();
      sessions.add(session);
      return text(200, session);
    }
    if (request.only("X-aws-ec2-metadata-token").filter(sessions::contains).isEmpty()) {
      return text(401, "Unauthorized");
    }
    if (request.path().equals("/latest/meta-data/placement/region")) {
      return text(200, instance.region());
    }
    if (request.path().equals("/latest/dynamic/instance-identity/rsa2048")) {
      return text(200, signed());
    }
    var name = role.flatMap(AccessKey::role).map(arn -> arn.substring(arn.lastIndexOf('/') + 1));
    if (name.isPresent() && request.path().equals(ROLES)) {
      return text(200, name.get());
    }
    return name.isPresent() && request.path().equals(ROLES + name.get())
        ? text(200, keys(role.orElseThrow()))
        : text(404, "Not Found");
  }

  private static String keys(AccessKey key) {
    var end = key.expires().orElseThrow();
    return """
    {
      "Code" : "Success",
      "LastUpdated" : "%s",
      "Type" : "AWS-HMAC",
      "AccessKeyId" : "%s",
      "SecretAccessKey" : "%s",
      "Token" : "%s",
      "Expiration" : "%s"
    }\
    """
        .formatted(end.minus(ROLE_LIFE), key.id(), key.secret(), key.token().orElseThrow(), end);
  }

  private String signed() {
    try {
      var generator = new CMSSignedDataGenerator();
      generator.addSignerInfoGenerator(
          new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
              .build(new JcaContentSignerBuilder(ALGORITHM).build(keys.getPrivate()), certificate));
      var content =
          new CMSProcessableByteArray(instance.document().getBytes(StandardCharsets.UTF_8));
      return Base64.getMimeEncoder(64, new byte[] {'\n'})
          .encodeToString(generator.generate(content, true).getEncoded());
    } catch (CMSException | OperatorCreationException | IOException | GeneralSecurityException e) {
      throw new IllegalStateException("the stand-in can't sign", e);
    }
  }

  private static WireResponse text(int status, String text) {
    return WireResponse.Answer.of(
        status,
        List.of(new WireHeader("Content-Type", "text/plain")),
        text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.close();
  }
}
