package dev.sallyport.proxy.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.model.SystemRole;
import dev.sallyport.model.TargetHealth;
import dev.sallyport.net.Alpn;
import dev.sallyport.net.tunnel.DialResult;
import dev.sallyport.net.tunnel.OpenDecision;
import dev.sallyport.net.tunnel.OpenMessage;
import dev.sallyport.net.tunnel.StatusCode;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.ClientAddressProof;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.Verification;
import dev.sallyport.pki.authority.CertificateAuthority;
import dev.sallyport.proxy.ProxyConfig;
import dev.sallyport.proxy.ProxyIdentity;
import dev.sallyport.proxy.ProxyStartException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrontDoorTest {
  private static final OpenDecision YES = new OpenDecision.Accepted();

  @TempDir static Path data;
  private static FrontRig rig;

  @BeforeAll
  static void open() throws Exception {
    rig = new FrontRig(data, List.of());
  }

  @AfterAll
  static void close() throws Exception {
    rig.close();
  }

  private static DialResult dial(TlsIdentity user) throws Exception {
    return rig.dialer(user).dial().get(10, TimeUnit.SECONDS);
  }

  private static SSLSocket tls(
      Optional<TlsIdentity> identity, List<String> alpn, String... versions) throws Exception {
    var context = SSLContext.getInstance("TLS");
    javax.net.ssl.KeyManager[] keys = null;
    if (identity.isPresent()) {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "me",
          identity.get().key(),
          new char[0],
          identity.get().chain().toArray(X509Certificate[]::new));
      var factory = KeyManagerFactory.getInstance("PKIX");
      factory.init(store, new char[0]);
      keys = factory.getKeyManagers();
    }
    context.init(keys, new TrustManager[] {new Anybody()}, new SecureRandom());
    var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", rig.port());
    socket.setSoTimeout(5_000);
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(alpn.toArray(String[]::new));
    if (versions.length > 0) {
      parameters.setProtocols(versions);
    }
    socket.setSSLParameters(parameters);
    return socket;
  }

  /// Whether the Proxy keeps a connection with that certificate at that door: it answers the first
  /// frame of an agent, or sends a status.
  private static boolean letIn(Optional<TlsIdentity> identity, String alpn) {
    try (var socket = tls(identity, List.of(alpn))) {
      socket.startHandshake();
      if (alpn.equals(Alpn.REVERSE_TUNNEL)) {
        byte[] hello = new dev.sallyport.net.tunnel.HelloMessage("host-9", "1.0.0").encoded();
        var frame = Unpooled.buffer().writeShort(2 + hello.length).writeByte(1).writeByte(1);
        frame.writeBytes(hello);
        socket.getOutputStream().write(frame.array(), 0, frame.readableBytes());
        byte[] head = socket.getInputStream().readNBytes(4);
        return head.length == 4 && head[3] == 2;
      }
      byte[] head = socket.getInputStream().readNBytes(5);
      return head.length == 5 && head[3] == 8;
    } catch (Exception e) {
      return false;
    }
  }

  @Test
  void onlyTheRightCertificateOpensADoor() throws Exception {
    var random = new SecureRandom();
    var otherUsers = CertificateAuthority.create(CaKind.USER, FrontRig.CLUSTER, rig.clock, random);
    var otherHosts = CertificateAuthority.create(CaKind.HOST, FrontRig.CLUSTER, rig.clock, random);
    var strangeUsers = CertificateAuthority.create(CaKind.USER, "evil.com", rig.clock, random);
    var strangeHosts = CertificateAuthority.create(CaKind.HOST, "evil.com", rig.clock, random);
    var route = FrontRig.route(FrontRig.DATABASE);
    var user = rig.user(route);
    var agent = rig.host("host-9", SystemRole.DB);

    assertThat(letIn(Optional.of(user), Alpn.DYNAMODB)).isTrue();
    assertThat(letIn(Optional.of(agent), Alpn.REVERSE_TUNNEL)).isTrue();

    assertThat(letIn(Optional.of(user), Alpn.REVERSE_TUNNEL)).isFalse();
    assertThat(letIn(Optional.of(agent), Alpn.DYNAMODB)).isFalse();
    var never =
        List.of(
            Optional.<TlsIdentity>empty(),
            Optional.of(rig.host("host-9", SystemRole.AUTH)),
            Optional.of(rig.host("host-9", SystemRole.PROXY)),
            Optional.of(rig.host("host-9", SystemRole.ADMIN)),
            Optional.of(rig.user(otherUsers, route)),
            Optional.of(rig.user(strangeUsers, route)),
            Optional.of(rig.host(otherHosts, "host-9", SystemRole.DB, Duration.ofHours(1))),
            Optional.of(rig.host(strangeHosts, "host-9", SystemRole.DB, Duration.ofHours(1))));
    rig.refusals.clear();
    for (var identity : never) {
      assertThat(letIn(identity, Alpn.DYNAMODB)).as("users' door: %s", identity).isFalse();
      assertThat(letIn(identity, Alpn.REVERSE_TUNNEL)).as("agents' door: %s", identity).isFalse();
    }
    await().until(() -> rig.refusals.size() >= 2 * never.size());
    assertThat(rig.refusals)
        .hasSize(2 * never.size())
        .allMatch(one -> one.matches("(database|tunnel): (certificate refused|the TLS).*"))
        .anyMatch(one -> one.startsWith("tunnel: certificate refused"));
  }

  @Test
  void theInnerDoorsSpeakTls13AndTheirOwnProtocolAlone() throws Exception {
    var user = rig.user(FrontRig.route(FrontRig.DATABASE));
    try (var old = tls(Optional.of(user), List.of(Alpn.DYNAMODB), "TLSv1.2")) {
      assertThatThrownBy(old::startHandshake).isInstanceOf(IOException.class);
    }
    try (var both = tls(Optional.of(user), List.of(Alpn.DYNAMODB, "http/1.1", "h2"))) {
      both.startHandshake();
      assertThat(both.getApplicationProtocol()).isEqualTo(Alpn.DYNAMODB);
    }
    try (var unknown = tls(Optional.of(user), List.of("teleport-postgres"))) {
      assertThatThrownBy(unknown::startHandshake).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aUserReachesAnAgentAndBytesGoBothWays() throws Exception {
    rig.announced.put(FrontRig.DATABASE, Set.of("host-1", "host-elsewhere"));
    int before = rig.parked.get();
    rig.agent("host-1", rig.host("host-1", SystemRole.DB), YES);
    await().until(() -> rig.parked.get() > before);

    var user = rig.user(FrontRig.route(FrontRig.DATABASE));
    var result = dial(user);
    assertThat(result).isInstanceOf(DialResult.Connected.class);
    var channel = ((DialResult.Connected) result).channel();
    var got = new ConcurrentLinkedQueue<String>();
    channel.pipeline().addLast(new Collect(got));
    channel.writeAndFlush(Unpooled.copiedBuffer("hello through", StandardCharsets.US_ASCII));
    await().until(() -> String.join("", got).equals("hello through"));

    var open =
        rig.opens.stream()
            .map(OpenMessage::parse)
            .filter(one -> one.database().equals(FrontRig.DATABASE))
            .findFirst()
            .orElseThrow();
    assertThat(open.clientAddress()).startsWith("127.0.0.1:");
    assertThat(open.certificateFingerprint()).hasSize(64);
    channel.close().await(5_000);
  }

  @Test
  void aRefusedConnectionSaysWhy() throws Exception {
    rig.announced.put("nobody-home", Set.of("host-away"));
    rig.announced.put("unwilling", Set.of("host-no"));
    int before = rig.parked.get();
    rig.announced.put("full", Set.of("host-full"));
    rig.agent("host-no", rig.host("host-no", SystemRole.DB), new OpenDecision.Refused("not today"));
    rig.agent("host-full", rig.host("host-full", SystemRole.DB), new OpenDecision.NotNow("full"));
    await().until(() -> rig.parked.get() >= before + 2);

    assertRefused(dial(rig.user(Optional.empty())), StatusCode.DENIED, "tsh proxy db");
    assertRefused(
        dial(rig.user(FrontRig.route("no-such"))),
        StatusCode.UNKNOWN_DATABASE,
        "database \"no-such\" not found among registered databases in cluster \"example.com\"");
    assertRefused(
        dial(rig.user(FrontRig.route("nobody-home"))), StatusCode.NO_AGENT, "is connected");
    assertRefused(dial(rig.user(FrontRig.route("unwilling"))), StatusCode.DENIED, "not today");
    assertRefused(dial(rig.user(FrontRig.route("full"))), StatusCode.BUSY, "full");
  }

  private static void assertRefused(DialResult result, StatusCode code, String message) {
    assertThat(result)
        .isInstanceOfSatisfying(
            DialResult.Refused.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(code);
              assertThat(refused.message()).contains(message);
            });
  }

  @Test
  void anAgentThatRefusesIsPassedOver() throws Exception {
    rig.announced.put("two-agents", Set.of("host-a", "host-b"));
    int before = rig.parked.get();
    rig.agent("host-a", rig.host("host-a", SystemRole.DB), new OpenDecision.Refused("no"));
    rig.agent("host-b", rig.host("host-b", SystemRole.DB), YES);
    await().until(() -> rig.parked.get() >= before + 2);
    var user = rig.user(FrontRig.route("two-agents"));
    for (int i = 0; i < 8; i++) {
      assertThat(dial(user))
          .isInstanceOfSatisfying(DialResult.Connected.class, one -> one.channel().close());
    }
  }

  @Test
  void anAgentThatReachesTheDatabaseIsAskedFirstAndOneThatDoesNotIsAskedLast() throws Exception {
    rig.announced.put("three-agents", Set.of("host-well", "host-new", "host-ill"));
    rig.health.put("host-well", TargetHealth.Status.HEALTHY);
    rig.health.put("host-ill", TargetHealth.Status.UNHEALTHY);
    int before = rig.parked.get();
    rig.agent("host-ill", rig.host("host-ill", SystemRole.DB), new OpenDecision.Refused("ill"));
    rig.agent("host-new", rig.host("host-new", SystemRole.DB), new OpenDecision.Refused("new"));
    rig.agent("host-well", rig.host("host-well", SystemRole.DB), YES);
    await().until(() -> rig.parked.get() >= before + 3);
    var user = rig.user(FrontRig.route("three-agents"));
    int asked = rig.opens.size();
    for (int i = 0; i < 8; i++) {
      assertThat(dial(user))
          .isInstanceOfSatisfying(DialResult.Connected.class, one -> one.channel().close());
    }
    assertThat(rig.opens).as("only those that reach it were asked").hasSize(asked + 8);
    rig.health.put("host-well", TargetHealth.Status.UNHEALTHY);
    rig.health.put("host-ill", TargetHealth.Status.HEALTHY);
    assertThat(dial(user)).as("the last one is asked too").isInstanceOf(DialResult.Connected.class);
    assertThat(rig.opens).hasSize(asked + 8 + 3);
  }

  @Test
  void agentsThatAreAlikeShareTheConnections() throws Exception {
    var hosts = List.of("host-1st", "host-2nd", "host-3rd");
    rig.announced.put("alike", Set.copyOf(hosts));
    int before = rig.parked.get();
    for (var host : hosts) {
      rig.health.put(host, TargetHealth.Status.HEALTHY);
      rig.agent(host, rig.host(host, SystemRole.DB), YES);
    }
    await().until(() -> rig.parked.get() >= before + hosts.size());
    var user = rig.user(FrontRig.route("alike"));
    // One of them is left out of 40 tries by chance once in 3 million runs.
    for (int i = 0; i < 40; i++) {
      assertThat(dial(user))
          .isInstanceOfSatisfying(DialResult.Connected.class, one -> one.channel().close());
    }
    assertThat(rig.openedBy).containsAll(hosts);
  }

  @Test
  void anAgentCannotParkUnderAnotherName() throws Exception {
    rig.announced.put("victim", Set.of("host-victim"));
    rig.agent("host-victim", rig.host("host-evil", SystemRole.DB), YES);
    assertThat(letIn(Optional.of(rig.host("host-8", SystemRole.DB)), Alpn.REVERSE_TUNNEL))
        .isFalse();
    assertRefused(dial(rig.user(FrontRig.route("victim"))), StatusCode.NO_AGENT, "is connected");
  }

  @Test
  void bytesToAuthArePassedOnUnreadAfterTheClientsAddressAndHalfCloseIsKept() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), rig.port())) {
      socket.setSoTimeout(5_000);
      byte[] hello = ClientHelloBytes.with(Alpn.AUTH);
      byte[] more = new byte[200_000];
      new java.util.Random(3).nextBytes(more);
      socket.getOutputStream().write(hello);
      var writer =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  socket.getOutputStream().write(more);
                  socket.shutdownOutput();
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      byte[] echoed = socket.getInputStream().readAllBytes();
      writer.join();
      int header = echoed.length - hello.length - more.length;
      assertThat(Arrays.copyOfRange(echoed, header, header + hello.length)).isEqualTo(hello);
      assertThat(echoed).endsWith(more);
      assertTellsAddress(Arrays.copyOf(echoed, header), socket);
    }
  }

  private static void assertTellsAddress(byte[] header, Socket client) {
    var decoder = new EmbeddedChannel(new HAProxyMessageDecoder());
    decoder.writeInbound(Unpooled.wrappedBuffer(header));
    HAProxyMessage read = decoder.readInbound();
    var here = (InetSocketAddress) client.getLocalSocketAddress();
    assertThat(read.sourceAddress()).isEqualTo(here.getAddress().getHostAddress());
    assertThat(read.sourcePort()).isEqualTo(here.getPort());
    var extension = read.tlvs().getFirst();
    assertThat(Byte.toUnsignedInt(extension.typeByteValue())).isEqualTo(ClientAddressProof.TLV);
    var proof = ByteBufUtil.getBytes(extension.content());
    read.release();
    assertThat(ClientAddressProof.check(proof, here, rig.verifier, rig.clock))
        .isInstanceOf(Verification.Verified.class);
  }

  @Test
  void theWebDoorServesBothProtocolsAndOldTlsClientsWithTheAddressOfTheConnection()
      throws Exception {
    for (var alpn : List.of(List.of("http/1.1"), List.<String>of())) {
      try (var socket = tls(Optional.empty(), alpn, "TLSv1.2")) {
        socket
            .getOutputStream()
            .write(
                "GET /webapi/ping HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .startsWith("HTTP/1.1 200")
            .contains("\"cluster_name\":\"example.com\"");
      }
    }
    try (var client = WebClients.http2(new Anybody())) {
      var answer =
          client.send(
              WebClients.login(rig.port()), java.net.http.HttpResponse.BodyHandlers.ofString());
      assertThat(answer.version()).isEqualTo(java.net.http.HttpClient.Version.HTTP_2);
      assertThat(answer.statusCode()).isEqualTo(200);
    }
    assertThat(rig.desk.logins.getLast().clientAddress()).isEqualTo("127.0.0.1");
  }

  @Test
  void aPageSpeaksHttp2WhichNamesTheSiteInNoHostHeader() throws Exception {
    var own = "https://127.0.0.1:" + rig.port();
    var answers = new ArrayList<Integer>();
    try (var client = WebClients.http2(new Anybody())) {
      for (var origin : List.of(own, "https://127.0.0.1", "https://evil.example", "null")) {
        var answer =
            client.send(
                WebClients.invitation(rig.port(), origin),
                java.net.http.HttpResponse.BodyHandlers.ofString());
        assertThat(answer.version()).isEqualTo(java.net.http.HttpClient.Version.HTTP_2);
        answers.add(answer.statusCode());
      }
    }
    assertThat(answers).containsExactly(200, 403, 403, 403);
  }

  @Test
  void aProxyHeaderFromAClientIsNoTlsAndInsideTlsNoRequest() throws Exception {
    byte[] header = dev.sallyport.proxy.web.ProxyHeaders.v2("192.0.2.1");
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), rig.port())) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write(header);
      socket.getOutputStream().write(ClientHelloBytes.with("http/1.1"));
      assertThat(readToEnd(socket)).isEmpty();
    }
    try (var socket = tls(Optional.empty(), List.of("http/1.1"))) {
      socket.getOutputStream().write(header);
      socket
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: p\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(readToEnd(socket), StandardCharsets.UTF_8))
          .doesNotStartWith("HTTP/1.1 2");
    }
  }

  private static byte[] readToEnd(Socket socket) {
    try {
      return socket.getInputStream().readAllBytes();
    } catch (IOException e) {
      // A reset says no as well as an end does.
      return new byte[0];
    }
  }

  @Test
  void aTakenPortIsNamedWithItsSetting() throws Exception {
    var config =
        new ProxyConfig(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), rig.port()),
            List.of(),
            List.of(),
            ProxyConfig.Edge.USUAL,
            data,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
            0,
            "1.0.0");
    var mine = rig.host("proxy-1", SystemRole.PROXY);
    try (var web = dev.sallyport.proxy.web.WebServer.start(data.resolve("second"), routes -> {})) {
      assertThatThrownBy(() ->
              FrontDoor.open(
                  config,
                  new ProxyIdentity("proxy-1", () -> mine),
                  new FrontDoor.Surroundings(
                      rig.runtime,
                      name -> Map.of(),
                      (subject, now) -> Optional.empty(),
                      rig.verifier,
                      web,
                      (door, peer, reason) -> {}),
                  rig.clock))
          .isInstanceOf(ProxyStartException.class)
          .hasMessageContaining(":" + rig.port())
          .hasMessageContaining("proxy_service.web_listen_addr");
    }
  }

  private static final class Collect extends ChannelInboundHandlerAdapter {
    private final Queue<String> into;

    Collect(Queue<String> into) {
      this.into = into;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof ByteBuf bytes) {
        into.add(bytes.toString(StandardCharsets.US_ASCII));
        bytes.release();
      }
    }
  }

  /// The test's clients look at what the Proxy lets in; whom they talk to is other tests' concern.
  static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public void checkServerTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
