package dev.sallyport.launcher;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.sallyport.resources.config.LogSection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/// Sets up the log of the process as its configuration says. Libraries below us speak from WARN on.
final class LogSetup {
  private static final String OURS = "dev.sallyport";

  private LogSetup() {}

  /// The log that was set up; closing it writes what waits, and is its end.
  interface Log extends AutoCloseable {
    /// Changes from which severity on our own lines are logged; `--debug` stands against it.
    void severity(LogSection section);

    /// That severity.
    String severity();

    @Override
    void close();
  }

  /// Replaces whatever was set up before.
  static Log apply(LogSection section, boolean debug) throws StartFailure {
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      throw new StartFailure("logging: another library than logback is in the way");
    }
    var appender = appender(debug ? "stderr" : section.output());
    context.reset();
    appender.setContext(context);
    appender.setName("teleport");
    appender.setEncoder(encoder(context, section));
    appender.start();
    var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    var queued =
        new QueuedLog(
            appender, context.getLogger(LogSetup.class), section.extraFields().contains("caller"));
    queued.setContext(context);
    queued.setName("queue");
    queued.start();
    root.addAppender(queued);
    // It logs what it also throws; we tell it once, in our words.
    context.getLogger("io.javalin").setLevel(Level.OFF);
    // Strangers could fill the log by it; who is turned away stands in the audit log.
    context.getLogger("org.eclipse.jetty.server.ProxyConnectionFactory").setLevel(Level.ERROR);
    context.getLogger("org.eclipse.jetty.server.DetectorConnectionFactory").setLevel(Level.ERROR);
    var log = new Running(context.getLogger(OURS), debug, queued);
    log.severity(section);
    return log;
  }

  private record Running(ch.qos.logback.classic.Logger ours, boolean debug, QueuedLog queue)
      implements Log {
    @Override
    public void severity(LogSection section) {
      ours.setLevel(debug ? Level.DEBUG : Level.toLevel(section.severity(), Level.INFO));
    }

    @Override
    public String severity() {
      return ours.getEffectiveLevel().toString();
    }

    @Override
    public void close() {
      queue.stop();
    }
  }

  private static OutputStreamAppender<ILoggingEvent> appender(String output) throws StartFailure {
    return switch (output) {
      case "stderr", "" -> console("System.err");
      case "stdout" -> console("System.out");
      case "syslog" ->
          throw new StartFailure(
              "log.output: syslog is not supported by this version; use stderr, which a service"
                  + " manager keeps, or a file");
      default -> file(Path.of(output));
    };
  }

  private static ConsoleAppender<ILoggingEvent> console(String target) {
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setTarget(target);
    return appender;
  }

  private static FileAppender<ILoggingEvent> file(Path path) throws StartFailure {
    try {
      var folder = path.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      if (!Files.exists(path)) {
        Files.createFile(path);
      }
      if (!Files.isWritable(path)) {
        throw new IOException("it is not writable");
      }
    } catch (IOException e) {
      throw new StartFailure("log.output: can't write " + path + ": " + e.getMessage(), e);
    }
    var appender = new FileAppender<ILoggingEvent>();
    appender.setFile(path.toString());
    return appender;
  }

  private static Encoder<ILoggingEvent> encoder(LoggerContext context, LogSection section) {
    EncoderBase<ILoggingEvent> encoder =
        section.format().equals("json")
            ? new JsonLines(section.extraFields())
            : new TextLines(section.extraFields());
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }
}
