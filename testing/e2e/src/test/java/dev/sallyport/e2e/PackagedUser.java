package dev.sallyport.e2e;

import dev.sallyport.testkit.process.RunningProcess;
import dev.sallyport.testkit.site.Site;
import java.io.IOException;
import java.time.Duration;

/** Alice of a site, with the {@code tsh} of a package. */
record PackagedUser(GuideSite guide, Tsh tsh) {
  /** Starts that program where it is. */
  interface Tsh {
    RunningProcess start(String... arguments) throws IOException;
  }

  /** Signs in. */
  void login() throws IOException {
    try (RunningProcess login =
        tsh.start("login", "--proxy=" + guide.site.proxyAddress(), "--user=alice")) {
      login.finish(Site.PASSWORD + "\n", Duration.ofMinutes(1)).orFail();
    }
  }

  /** Opens the guide's tunnel and waits until it takes connections; the caller closes it. */
  RunningProcess openTunnel(int port) throws IOException {
    RunningProcess tunnel =
        tsh.start(
            "proxy",
            "db",
            "--tunnel",
            "--port=" + port,
            "--db-user=" + GuideSite.IAM_ROLE,
            GuideSite.DATABASE);
    tunnel.awaitLine("Started authenticated tunnel");
    return tunnel;
  }
}
