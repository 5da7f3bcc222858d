package dev.sallyport.proxy.front;

import dev.sallyport.net.ClientAddress;
import dev.sallyport.net.Splice;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// One line for each connection, when it ends or is refused.
final class ConnectionLog {
  private static final Logger log = LoggerFactory.getLogger(ConnectionLog.class);

  private ConnectionLog() {}

  /// Waits for the end of a spliced connection and tells of it: aloud when it broke. Those that end
  /// in order are many, since tunnels that nobody uses change their connections all the time.
  static Consumer<Splice> splices(Channel client, String door, Map<String, String> facts) {
    var peer = String.valueOf(ClientAddress.of(client));
    long begin = System.nanoTime();
    return splice ->
        splice
            .done()
            .addListener(end -> {
              var level = splice.aborted() ? Level.INFO : Level.DEBUG;
              var line = log.atLevel(level).addKeyValue("door", door).addKeyValue("peer", peer);
              for (var fact : facts.entrySet()) {
                line = line.addKeyValue(fact.getKey(), fact.getValue());
              }
              line.addKeyValue("received", splice.bytesFromFirst())
                  .addKeyValue("sent", splice.bytesFromSecond())
                  .addKeyValue("ms", Duration.ofNanos(System.nanoTime() - begin).toMillis())
                  .addKeyValue("aborted", splice.aborted())
                  .log("connection ended");
            });
  }

  /// Tells that a connection got nowhere.
  static void refused(Channel client, String door, String reason) {
    log.atInfo()
        .addKeyValue("door", door)
        .addKeyValue("peer", ClientAddress.of(client))
        .addKeyValue("reason", reason)
        .log("connection refused");
  }
}
