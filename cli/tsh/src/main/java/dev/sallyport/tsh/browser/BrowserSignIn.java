package dev.sallyport.tsh.browser;

import dev.sallyport.console.CommandFailure;
import dev.sallyport.console.Console;
import dev.sallyport.console.ProxyAddress;
import dev.sallyport.control.ConsoleCancel;
import dev.sallyport.control.ConsoleStart;
import dev.sallyport.control.ConsoleStarted;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ControlJson;
import dev.sallyport.control.SealedAnswer;
import dev.sallyport.model.ProductVersion;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import tools.jackson.core.JacksonException;

/// Has a browser prove who the user is. The answer is sealed to a key that is made for it here.
public final class BrowserSignIn {
  private static final int TEXT_LENGTH_MAX = 128;
  private static final Duration LIFE = Duration.ofMinutes(3);

  private final Console console;
  private final ProxyAddress proxy;
  private final boolean opens;

  /// @param opens whether a browser is to be started; otherwise the page's address is only shown
  public BrowserSignIn(Console console, ProxyAddress proxy, boolean opens) {
    this.console = console;
    this.proxy = proxy;
    this.opens = opens;
  }

  /// How a request is made and called off.
  public interface Desk {
    /// Makes it.
    ConsoleStarted start(ConsoleStart start);

    /// Calls it off.
    void cancel(String id, ConsoleCancel cancel);
  }

  /// What the tool wishes.
  ///
  /// @param publicKey PEM of the key to be certified, if any
  /// @param reason for people to read
  public record Wish(
      Optional<String> user, Optional<String> publicKey, Optional<Duration> ttl, String reason) {}

  /// Asks, and waits for the answer.
  ///
  /// @throws CommandFailure when the user rejected, or nothing came within three minutes
  public <T> T ask(Wish wish, Desk desk, Class<T> type) {
    var sealing = KeyPairs.generate();
    var pending = new AtomicReference<Optional<ConsoleStarted>>(Optional.empty());
    try (var port = CallbackPort.open(opener(sealing, pending, type))) {
      var started =
          desk.start(
              new ConsoleStart(
                  wish.user(),
                  wish.publicKey(),
                  wish.ttl(),
                  port.port(),
                  Pem.encode(sealing.getPublic()),
                  client(wish.reason())));
      pending.set(Optional.of(started));
      show(proxy.uri() + started.page());
      try {
        return port.await(LIFE)
            .orElseThrow(() -> new CommandFailure("the request was rejected in the browser"));
      } catch (TimeoutException e) {
        cancel(desk, started);
        throw new CommandFailure(
            "nobody answered in the browser within 3 minutes, please try again", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        cancel(desk, started);
        throw new CommandFailure("interrupted", e);
      }
    } catch (IOException e) {
      throw new CommandFailure("cannot listen on 127.0.0.1: " + e.getMessage(), e);
    }
  }

  private static <T> Function<String, Optional<T>> opener(
      KeyPair sealing, AtomicReference<Optional<ConsoleStarted>> pending, Class<T> type) {
    return text ->
        pending
            .get()
            .flatMap(started ->
                SealedAnswer.open(text, sealing.getPrivate(), SealedAnswer.salt(started.secret())))
            .flatMap(bytes -> read(bytes, type));
  }

  private static <T> Optional<T> read(byte[] bytes, Class<T> type) {
    try {
      return Optional.ofNullable(ControlJson.ANSWERS.readValue(bytes, type));
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  private static void cancel(Desk desk, ConsoleStarted started) {
    try {
      desk.cancel(started.id(), new ConsoleCancel(started.secret()));
    } catch (ControlException e) {
      // It has expired by itself, or will within minutes.
    }
  }

  private void show(String page) {
    console
        .err()
        .println(
            opens && Browser.open(page)
                ? "If browser window does not open automatically, open it by clicking on the link:"
                : "Open this page in a browser on this machine:");
    console.err().println(" " + page);
    console.err().flush();
  }

  private static ConsoleStart.ConsoleClient client(String reason) {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "";
    }
    return new ConsoleStart.ConsoleClient(
        fit("tsh " + ProductVersion.NUMBER),
        fit(host),
        fit(System.getProperty("os.name", "") + " " + System.getProperty("os.arch", "")),
        fit(reason));
  }

  private static String fit(String text) {
    var plain = text.replaceAll("\\p{Cntrl}", " ").strip();
    return plain.length() > TEXT_LENGTH_MAX ? plain.substring(0, TEXT_LENGTH_MAX) : plain;
  }

  /// The browser of this machine.
  private static final class Browser {
    /// @return whether one was started
    static boolean open(String page) {
      var os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
      var command =
          os.contains("mac")
              ? new String[] {"open", page}
              : os.contains("win")
                  ? new String[] {"rundll32", "url.dll,FileProtocolHandler", page}
                  : new String[] {"xdg-open", page};
      try {
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
        return true;
      } catch (IOException e) {
        return false;
      }
    }
  }
}
