package dev.sallyport.bench;

import dev.sallyport.audit.AuditJson;
import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.dynamodb.AwsHome;
import dev.sallyport.dynamodb.DynamoDbTarget;
import dev.sallyport.dynamodb.Operation;
import dev.sallyport.dynamodb.RequestReading;
import dev.sallyport.dynamodb.RequestSummary;
import dev.sallyport.net.ClientHelloRouter;
import dev.sallyport.sigv4.Header;
import dev.sallyport.sigv4.RequestToSign;
import dev.sallyport.sigv4.SecretKeyBytes;
import dev.sallyport.sigv4.SigV4Signer;
import dev.sallyport.sigv4.SignedHeaders;
import dev.sallyport.sigv4.SigningCredentials;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What one request costs in the parts of its way that compute: the hello that is routed, the body
/// that is read, the signature, the record.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class RequestPartsBench {
  private static final AwsHome HOME = new AwsHome("aws", "us-east-1", "123456789012");
  private static final int HASH_BYTES = 32;
  private static final Operation GET_ITEM = operation("GetItem");
  private static final Operation PUT_ITEM = operation("PutItem");

  private final SigV4Signer signer = new SigV4Signer();
  private final Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final SigningCredentials credentials =
      new SigningCredentials(
          "ASIABENCH",
          SecretKeyBytes.of("s".repeat(40)),
          Optional.of("T".repeat(360)),
          Optional.empty());
  private final RequestToSign request =
      new RequestToSign(
          "POST",
          "/",
          "",
          "dynamodb.us-east-1.amazonaws.com",
          List.of(
              new Header("Content-Type", "application/x-amz-json-1.0"),
              new Header("X-Amz-Target", "DynamoDB_20120810.GetItem")),
          new byte[HASH_BYTES]);
  private final byte[] get =
      "{\"TableName\":\"Music\",\"Key\":{\"Artist\":{\"S\":\"No One You Know\"}}}"
          .getBytes(StandardCharsets.UTF_8);
  private final byte[] put =
      ("{\"TableName\":\"Music\",\"Item\":{\"Artist\":{\"S\":\"No One You"
              + " Know\"},\"Text\":{\"S\":\""
              + "x".repeat(16 << 10)
              + "\"}}}")
          .getBytes(StandardCharsets.UTF_8);
  private final DynamoDbRequest record =
      RequestRecords.intent("00000000-0000-4000-8000-000000000003", now);
  private byte[] hello = {};

  private static Operation operation(String name) {
    return switch (DynamoDbTarget.parse("DynamoDB_20120810." + name)) {
      case DynamoDbTarget.Known known -> known.operation();
      default -> throw new IllegalStateException("no operation " + name);
    };
  }

  /// A hello as a client sends it.
  @Setup
  public void hello() throws Exception {
    var engine = SSLContext.getDefault().createSSLEngine("proxy.example.com", 443);
    engine.setUseClientMode(true);
    var parameters = engine.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"teleport-dynamodb"});
    engine.setSSLParameters(parameters);
    var bytes = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), bytes);
    hello = Arrays.copyOf(bytes.array(), bytes.position());
  }

  /// Reads a hello in a channel of its own, and chooses by its ALPN.
  @Benchmark
  public boolean routeHello() {
    var channel =
        new EmbeddedChannel(
            new ClientHelloRouter(it -> Optional.of(new ChannelInboundHandlerAdapter())));
    channel.writeInbound(Unpooled.wrappedBuffer(hello));
    return channel.finishAndReleaseAll();
  }

  /// Signs a GetItem whose body is hashed already.
  @Benchmark
  public SignedHeaders sign() {
    return signer.sign(request, credentials, "us-east-1", "dynamodb", now);
  }

  /// Finds the table in a small body.
  @Benchmark
  public RequestReading readGetItem() {
    return RequestSummary.of(GET_ITEM, get, HOME);
  }

  /// Finds the table in a body of 16 KB.
  @Benchmark
  public RequestReading readPutItem() {
    return RequestSummary.of(PUT_ITEM, put, HOME);
  }

  /// Spells a request's record for the journal.
  @Benchmark
  public byte[] spellRecord() {
    return AuditJson.toBytes(record);
  }
}
