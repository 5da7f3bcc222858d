package dev.sallyport.auth.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileExportTest {
  @TempDir Path folder = Path.of("never");
  private Instant now = Rows.START;

  private FileExport export(long rotateBytes, int keepFiles) {
    return new FileExport(
        new ExportTarget.Files(folder.resolve("log"), rotateBytes, Duration.ofHours(1), keepFiles),
        () -> now);
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(folder.resolve("log"))) {
      return files.sorted().toList();
    }
  }

  private List<String> lines() throws IOException {
    var lines = new ArrayList<String>();
    for (var file : files()) {
      lines.addAll(Files.readAllLines(file));
    }
    return lines;
  }

  @Test
  void linesAreWhatWasRecordedAndOnlyTheOwnerReadsThem() throws Exception {
    try (var export = export(1 << 20, 3)) {
      export.put(Rows.of(1, 2));
      export.put(List.of(Rows.of(3, "{\n\"a\":\r\n1}")));
    }
    assertThat(lines()).containsExactly(Rows.body(1), Rows.body(2), "{ \"a\":  1}");
    assertThat(files()).hasSize(1);
    assertThat(files().getFirst()).hasFileName("events-2030-01-31T101500Z-000000000001.jsonl");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files().getFirst())))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("log"))))
        .isEqualTo("rwx------");
  }

  @Test
  void rotatesBySizeAndAgeAndKeepsSoMany() throws Exception {
    var old = Files.createDirectories(folder.resolve("log")).resolve("events-2029-12-31.jsonl");
    Files.writeString(old, "of an earlier version\n");
    var other = Files.writeString(folder.resolve("log").resolve("notes.txt"), "mine");
    long two = 2L * (Rows.body(1).length() + 1);
    try (var export = export(two, 3)) {
      export.put(Rows.of(1, 5));
      assertThat(files()).hasSize(4).doesNotContain(old).contains(other);
      assertThat(lines()).contains(Rows.body(1), Rows.body(5));
      now = now.plus(Duration.ofHours(1));
      export.put(Rows.of(6, 1));
    }
    assertThat(files()).hasSize(4);
    assertThat(lines())
        .containsExactly(Rows.body(3), Rows.body(4), Rows.body(5), Rows.body(6), "mine");
    assertThat(files().get(2)).hasFileName("events-2030-01-31T111500Z-000000000006.jsonl");
  }

  @Test
  void goesOnInItsNewestFileAndTakesBackATornLine() throws Exception {
    try (var export = export(1 << 20, 3)) {
      export.put(Rows.of(1, 2));
    }
    Files.writeString(files().getFirst(), "{\"torn", StandardOpenOption.APPEND);
    try (var export = export(1 << 20, 3)) {
      export.put(Rows.of(3, 1));
    }
    assertThat(files()).hasSize(1);
    assertThat(lines()).containsExactly(Rows.body(1), Rows.body(2), Rows.body(3));
    Files.writeString(files().getFirst(), "x".repeat(200_000));
    try (var export = export(1 << 20, 3)) {
      export.put(Rows.of(4, 1));
    }
    assertThat(lines()).containsExactly(Rows.body(4));
  }

  @Test
  void aClockThatWasSetBackStopsNothing() throws Exception {
    try (var export = export(1 << 20, 3)) {
      export.put(Rows.of(1, 1));
      now = now.minus(Duration.ofDays(400));
      export.put(Rows.of(2, 1));
    }
    assertThat(lines()).containsExactly(Rows.body(1), Rows.body(2));
  }

  @Test
  void afterAFailureAllIsPutAgain() throws Exception {
    try (var export = export(1 << 20, 3)) {
      Files.writeString(folder.resolve("log"), "a file where the folder should be");
      assertThatThrownBy(() -> export.put(Rows.of(1, 2))).isInstanceOf(IOException.class);
      Files.delete(folder.resolve("log"));
      export.put(Rows.of(1, 2));
    }
    assertThat(lines()).containsExactly(Rows.body(1), Rows.body(2));
  }
}
