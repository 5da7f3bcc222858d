package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.pki.Pem;
import dev.sallyport.testkit.process.RunningProcess;
import dev.sallyport.testkit.tls.PublicAuthority.KeyPairFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is replaced in a running cluster: files, certificates, keys of authorities. Each part is a
 * process of its own; programs use a tunnel all the time, a browser comes again and again, and new
 * tunnels are opened in between. Nothing is tried again, and nothing may fail.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisabledOnOs(OS.WINDOWS)
final class RenewalsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration STANDSTILL = Duration.ofMillis(1_600);
  private static final Duration PAUSE = Duration.ofMillis(25);
  private static final int CALLS_THAT_SHOW_IT = 5;
  private static final int RELOADS = 3;
  private static final String RELOADED = "The configuration was reloaded";
  private static final String REPLACED = "the host certificate was replaced";

  /** Tunnels learn every four minutes whom to trust; after a failure 30 s later. */
  private static final Duration TUNNELS_LEARN = Duration.ofSeconds(280);

  private final GuideSite guide;
  private final Path folder;
  private @Nullable RunningProcess auth;
  private @Nullable RunningProcess proxy;
  private @Nullable RunningProcess agent;
  private @Nullable Robot owner;
  private Robot.@Nullable Tunnel tunnel;

  RenewalsIT(@TempDir Path folder) throws IOException {
    this.folder = folder;
    guide = new GuideSite(folder);
  }

  /** What is done while requests are made. */
  private interface Work {
    void run(Visits visits) throws IOException;
  }

  @BeforeAll
  void start() throws IOException {
    Load.createTable(guide);
    auth = guide.startAuth();
    proxy = guide.joinProxy();
    guide.createRole();
    agent = guide.joinAgent();
    owner = Robot.add(guide, "owner", "aws-dynamodb-access", "10h");
    tunnel = owner().open(GuideSite.IAM_ROLE, GuideSite.DATABASE);
  }

  @AfterAll
  void stop() {
    if (tunnel != null) {
      tunnel.close();
    }
    guide.close();
  }

  private void underLoad(Work work) throws IOException {
    try (Load load = Load.start(Objects.requireNonNull(tunnel).port(), PAUSE);
        Visits visits = Visits.start(guide)) {
      awaitGoingOn(load, visits);
      work.run(visits);
      awaitGoingOn(load, visits);
      load.stop();
      assertThat(load.wrong()).isEmpty();
      assertThat(load.failures()).as("of %d", load.succeeded()).isEmpty();
      assertThat(visits.failures()).as("of %d", visits.succeeded()).isEmpty();
    }
  }

  private static void awaitGoingOn(Load load, Visits visits) {
    long requests = load.succeeded();
    long times = visits.succeeded();
    Awaitility.await("requests are made")
        .atMost(PATIENCE)
        .until(() ->
            load.succeeded() >= requests + (long) CALLS_THAT_SHOW_IT * Load.PROGRAMS
                && visits.succeeded() >= times + CALLS_THAT_SHOW_IT);
  }

  /** A program in a process of its own: all its connections are new. */
  private void aNewTunnelWorks() throws IOException {
    try (Robot.Tunnel another = owner().open(GuideSite.IAM_ROLE, GuideSite.DATABASE);
        Load load = Load.start(another.port(), PAUSE)) {
      Awaitility.await("requests through a new tunnel")
          .atMost(PATIENCE)
          .until(() -> load.succeeded() >= Load.PROGRAMS);
      load.stop();
      assertThat(load.wrong()).isEmpty();
      assertThat(load.failures()).isEmpty();
    }
  }

  @Test
  void everyPartReadsItsFileAgainUnderLoadAndNoRequestFails() throws IOException {
    underLoad(_ -> {
      for (int i = 0; i < RELOADS; i++) {
        for (RunningProcess part : List.of(agent(), proxy(), auth())) {
          reload(part);
        }
      }
      aNewTunnelWorks();
    });
  }

  /** As on a machine that is busy: agents judge by nothing that is older than a second. */
  @Test
  void anAuthServiceThatStandsStillForAMomentIsWaitedForAndNoRequestFails() throws IOException {
    underLoad(_ -> {
      auth().suspend();
      Awaitility.await("the moment").pollDelay(STANDSTILL).until(() -> true);
      auth().resume();
    });
  }

  @Test
  void newPublicCertificatesAreShownAndNoRequestFails() throws IOException {
    underLoad(visits -> {
      KeyPairFiles next = guide.issueProxy(folder, "next");
      Files.copy(next.certificate(), certificate(), StandardCopyOption.REPLACE_EXISTING);
      // Half of a pair, as at an unlucky moment, is not shown.
      reload(proxy());
      assertThat(proxy().transcript()).contains("it goes on with those it has");
      Files.copy(next.key(), key(), StandardCopyOption.REPLACE_EXISTING);
      reload(proxy());
      awaitShown(visits, next);
    });
  }

  /** As certbot does it: each file is a link to one of an archive. */
  @Test
  void certificatesBehindLinksThatAreTurnedAreShownAndNoRequestFails() throws IOException {
    Path archive = Files.createDirectory(folder.resolve("archive"));
    underLoad(visits -> {
      for (String turn : List.of("first", "second")) {
        KeyPairFiles next = guide.issueProxy(archive, turn);
        turn(certificate(), next.certificate());
        turn(key(), next.key());
        reload(proxy());
        awaitShown(visits, next);
        aNewTunnelWorks();
      }
    });
  }

  /**
   * Hosts get new certificates and show them where they dial, and then again new ones of the old
   * key: what tunnels trust does not change.
   */
  @Test
  void hostsGetNewCertificatesTwiceAndNoRequestFails() throws IOException {
    underLoad(_ -> {
      guide.rotate("host", "init");
      int before = count(proxy(), REPLACED);
      guide.rotate("host", "update_clients");
      awaitReplaced(proxy(), before + 1);
      aNewTunnelWorks();
      before = count(proxy(), REPLACED);
      guide.rotate("host", "rollback");
      awaitReplaced(proxy(), before + 1);
      aNewTunnelWorks();
      guide.rotate("host", "standby");
      aNewTunnelWorks();
    });
  }

  /** Whole processes; RotationTest does it in one, and faster. */
  @Test
  @Tag("long")
  void usersGetCertificatesOfANewKeyAndNoRequestFails() throws IOException {
    underLoad(_ -> {
      guide.rotate("user", "init");
      aNewTunnelWorks();
      guide.rotate("user", "update_clients");
      aNewTunnelWorks();
      long before = certificatesOfTunnels();
      owner().signAgain("10h");
      Awaitility.await("the tunnel gets a certificate by the new key")
          .atMost(PATIENCE)
          .until(() -> certificatesOfTunnels() > before);
      aNewTunnelWorks();
      guide.rotate("user", "update_servers");
      aNewTunnelWorks();
      guide.rotate("user", "standby");
      aNewTunnelWorks();
    });
  }

  /** Five minutes, in which the tunnel learns of the new key. */
  @Test
  @Tag("long")
  void hostsChangeTheirKeyAndNoRequestFails() throws IOException {
    underLoad(_ -> {
      guide.rotate("host", "init");
      Awaitility.await("tunnels learn")
          .pollDelay(TUNNELS_LEARN)
          .atMost(TUNNELS_LEARN.plusSeconds(30))
          .until(() -> true);
      int before = count(proxy(), REPLACED);
      for (String phase : List.of("update_clients", "update_servers", "standby")) {
        owner().signAgain("10h");
        guide.rotate("host", phase);
        awaitReplaced(proxy(), before + 1);
        aNewTunnelWorks();
      }
    });
    owner().signAgain("10h");
  }

  private long certificatesOfTunnels() throws IOException {
    return guide.site.audit().stream()
        .filter(line -> line.contains("\"cert.create\"") && line.contains(GuideSite.DATABASE))
        .count();
  }

  private static void awaitReplaced(RunningProcess part, int times) {
    Awaitility.await(REPLACED).atMost(PATIENCE).until(() -> count(part, REPLACED) >= times);
  }

  private void reload(RunningProcess part) {
    int before = count(part, RELOADED);
    part.hangUp();
    Awaitility.await(RELOADED).atMost(PATIENCE).until(() -> count(part, RELOADED) > before);
  }

  private static int count(RunningProcess part, String told) {
    return (int) Pattern.compile(told).matcher(part.transcript()).results().count();
  }

  private static void awaitShown(Visits visits, KeyPairFiles files) throws IOException {
    var wanted = Pem.certificates(Files.readString(files.certificate())).getFirst();
    Awaitility.await("the new certificate is shown")
        .atMost(PATIENCE)
        .until(() -> visits.shown().equals(wanted));
  }

  /** Lets a name lead to another file, at one blow. */
  private static void turn(Path name, Path file) throws IOException {
    Path link = Files.createSymbolicLink(name.resolveSibling(name.getFileName() + ".new"), file);
    Files.move(link, name, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private Path certificate() {
    return folder.resolve("proxy.crt");
  }

  private Path key() {
    return folder.resolve("proxy.key");
  }

  private RunningProcess agent() {
    return Objects.requireNonNull(agent, "not started");
  }

  private RunningProcess proxy() {
    return Objects.requireNonNull(proxy, "not started");
  }

  private RunningProcess auth() {
    return Objects.requireNonNull(auth, "not started");
  }

  private Robot owner() {
    return Objects.requireNonNull(owner, "not started");
  }
}
