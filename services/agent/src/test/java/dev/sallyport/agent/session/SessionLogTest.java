package dev.sallyport.agent.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.sallyport.net.TlsProvider;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// What the log says of tunnels.
final class SessionLogTest {
  private static final String SESSIONS = "dev.sallyport.agent.session";

  /// The lines of the package, those at INFO and above.
  private static final class Lines extends AppenderBase<ILoggingEvent> {
    final List<String> told = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      if (event.getLevel().isGreaterOrEqual(Level.INFO)) {
        told.add(event.getFormattedMessage() + " " + event.getKeyValuePairs());
      }
    }
  }

  @Test
  void aTunnelIsOneLineHoweverManyConnectionsItMakes() throws Exception {
    var lines = new Lines();
    lines.start();
    var logger = (Logger) LoggerFactory.getLogger(SESSIONS);
    logger.addAppender(lines);
    try (var stage = Stage.plain(TlsProvider.best())) {
      var alice = stage.alice();
      for (int i = 0; i < 3; i++) {
        try (var client = stage.connect(alice)) {
          assertThat(client.call("ListTables", "{}").status()).isEqualTo(200);
        }
        await().until(() -> stage.door.connections() == 0);
      }
      assertThat(lines.told)
          .filteredOn(line -> line.contains("open"))
          .singleElement()
          .asString()
          .contains("A user's tunnel is open", "alice", Stage.DATABASE);
    } finally {
      logger.detachAppender(lines);
    }
  }
}
