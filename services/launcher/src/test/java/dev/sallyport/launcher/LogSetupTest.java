package dev.sallyport.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.joran.spi.JoranException;
import dev.sallyport.resources.config.LogSection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Lines of the log, as they are in the file that `log.output` names.
final class LogSetupTest {
  private static final List<String> ALL = List.of("level", "timestamp", "component", "caller");

  @TempDir Path folder;

  @AfterEach
  void theTestsHaveTheirLogAgain() throws JoranException {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    new ContextInitializer(context).autoConfig();
  }

  private String line(String format, List<String> fields) throws IOException, StartFailure {
    var file = folder.resolve("teleport.log");
    try (var _ = LogSetup.apply(new LogSection(file.toString(), "INFO", format, fields), false)) {
      LoggerFactory.getLogger(LogSetupTest.class)
          .atWarn()
          .addKeyValue("port", 3025)
          .addKeyValue("level", "a \"word\"\nand a line")
          .setCause(new IllegalStateException("broken"))
          .log("It is {}", "here");
    }
    return Files.readString(file);
  }

  private JsonNode json(List<String> fields) throws IOException, StartFailure {
    var line = line("json", fields);
    assertThat(line).endsWith("}\n").containsOnlyOnce("\n");
    return JsonMapper.shared().readTree(line);
  }

  @Test
  void aLineOfJsonHasEveryFieldUnlessTheConfigurationSaysOtherwise() throws Exception {
    var line = json(ALL);
    assertThat(line.propertyNames())
        .containsExactly(
            "timestamp", "level", "component", "caller", "message", "port", "level_", "error");
    assertThat(line.path("timestamp").stringValue()).matches("20\\d\\d-\\d\\d-\\d\\dT.*Z");
    assertThat(line.path("level").stringValue()).isEqualTo("WARN");
    assertThat(line.path("component").stringValue()).isEqualTo("LogSetupTest");
    assertThat(line.path("caller").stringValue()).matches("LogSetupTest\\.java:\\d+");
    assertThat(line.path("message").stringValue()).isEqualTo("It is here");
    assertThat(line.path("port").intValue()).isEqualTo(3025);
    assertThat(line.path("level_").stringValue()).isEqualTo("a \"word\"\nand a line");
    assertThat(line.path("error").stringValue()).contains("IllegalStateException: broken", "\n");
  }

  @ParameterizedTest
  @CsvSource({"level", "timestamp", "component", "caller"})
  void aLineOfJsonHasNoFieldThatWasNotAskedFor(String field) throws Exception {
    assertThat(json(List.of(field)).propertyNames())
        .containsExactly(field, "message", "port", "level_", "error");
  }

  @Test
  void aLineOfTextHasWhatWasAskedFor() throws Exception {
    assertThat(line("text", List.of("level", "component")))
        .startsWith("WARN  [LogSetupTest] It is here port=\"3025\" ")
        .doesNotContain("LogSetupTest.java:3");
  }

  /// Somebody's name, or what a server said, can't pass for a line or a value of the log's own.
  @Test
  void textFromOutsideStaysWithinItsLineAndItsQuotes() throws Exception {
    String hostile =
        "x\" user=\"root\n2026-01-01T00:00:00.000Z INFO  [Auth] all is well\r\u001b[2K\\";
    var file = folder.resolve("teleport.log");
    var section = new LogSection(file.toString(), "INFO", "text", List.of("level"));
    try (var _ = LogSetup.apply(section, false)) {
      LoggerFactory.getLogger(LogSetupTest.class)
          .atWarn()
          .addKeyValue("name", hostile)
          .setCause(new IllegalStateException("a\nb\u202ec"))
          .log("Hello, {}", hostile);
    }
    String text = Files.readString(file);
    assertThat(text)
        .startsWith("WARN  Hello, x\" user=\"root\n\t2026")
        .contains(" name=\"x\\\" user=\\\"root\n\t2026")
        .contains("well\\u000d\\u001b[2K\\\\\"\n")
        .contains("\n\tjava.lang.IllegalStateException: a\n\tb\\u202ec\n\tat ");
    assertThat(text.lines().skip(1)).allMatch(line -> line.startsWith("\t"));
  }

  @Test
  void syslogIsRefusedWithWhatToUseInstead() {
    assertThatThrownBy(() -> LogSetup.apply(new LogSection("syslog", "INFO", "text", ALL), false))
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining("log.output: syslog is not supported by this version; use stderr");
  }
}
