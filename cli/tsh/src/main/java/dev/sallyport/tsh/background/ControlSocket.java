package dev.sallyport.tsh.background;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.pki.PrivateFile;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.function.Supplier;

/// A background tunnel's ear: one word a connection, answered with one text.
///
/// `status` is answered with what the supplier gives; `stop` with `ok`, after which the process
/// ends. Who may enter the folder may ask: that is the user alone.
public final class ControlSocket implements AutoCloseable {
  private static final int WORD_BYTES_MAX = 64;

  private final BackgroundFolder folder;
  private final String id;
  private final ServerSocketChannel server;

  private ControlSocket(BackgroundFolder folder, String id, ServerSocketChannel server) {
    this.folder = folder;
    this.id = id;
    this.server = server;
  }

  /// Begins to listen, then says so by the state file.
  public static ControlSocket open(
      BackgroundFolder folder, String id, Supplier<String> status, Runnable stop) {
    folder.prepare();
    try {
      var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      server.bind(UnixDomainSocketAddress.of(folder.socket(id)));
      var control = new ControlSocket(folder, id, server);
      Thread.ofVirtual().name("sallyport-tsh-control").start(() -> control.listen(status, stop));
      PrivateFile.write(folder.state(id), "{\"pid\": " + ProcessHandle.current().pid() + "}\n");
      return control;
    } catch (IOException e) {
      throw new CommandFailure("cannot listen on " + folder.socket(id) + ": " + e.getMessage(), e);
    }
  }

  private void listen(Supplier<String> status, Runnable stop) {
    try {
      while (true) {
        var asked = server.accept();
        Thread.ofVirtual()
            .name("sallyport-tsh-control-answer")
            .start(() -> answer(asked, status, stop));
      }
    } catch (IOException e) {
      // closed: the process is ending
    }
  }

  private static void answer(SocketChannel asked, Supplier<String> status, Runnable stop) {
    try (asked) {
      var word = word(asked);
      var answer =
          switch (word) {
            case "status" -> status.get();
            case "stop" -> "ok\n";
            default -> "unknown\n";
          };
      var bytes = ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        asked.write(bytes);
      }
      if (word.equals("stop")) {
        stop.run();
      }
    } catch (IOException e) {
      // whoever asked is gone
    }
  }

  private static String word(SocketChannel asked) throws IOException {
    var word = ByteBuffer.allocate(WORD_BYTES_MAX);
    while (word.hasRemaining() && asked.read(word) >= 0) {
      var text = StandardCharsets.US_ASCII.decode(word.duplicate().flip()).toString();
      if (text.endsWith("\n")) {
        return text.strip();
      }
    }
    return "";
  }

  /// Stops listening and removes the traces.
  @Override
  public void close() {
    try {
      Files.deleteIfExists(folder.state(id));
      server.close();
    } catch (IOException e) {
      // what is left is found to be stale
    }
    folder.forget(id);
  }
}
