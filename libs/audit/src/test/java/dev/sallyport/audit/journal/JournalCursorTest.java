package dev.sallyport.audit.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.audit.AuditJson;
import dev.sallyport.audit.chain.ChainId;
import dev.sallyport.audit.chain.ChainLink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class JournalCursorTest {

  private static final ChainId CHAIN = new ChainId("host-1", "0".repeat(32));
  private static final int RECORDS_MAX = 40;
  private static final int BYTES_MAX = 1 << 20;

  private final SegmentLog log;

  JournalCursorTest() throws IOException {
    MemoryFiles files = new MemoryFiles();
    log = new SegmentLog(files, JournalSettings.DEFAULT, Recovered.from(files), CHAIN);
  }

  @AfterEach
  void close() throws IOException {
    log.close();
  }

  private void write(List<String> records) throws IOException {
    for (String record : records) {
      log.write(List.of(Staged.record(record.getBytes(StandardCharsets.UTF_8))));
    }
    log.sync();
  }

  /// All runs there are, each of which has to follow the one before.
  private List<ChainRun> runs() throws IOException {
    JournalCursor cursor = new JournalCursor(log, RECORDS_MAX, BYTES_MAX, 16);
    List<ChainRun> runs = new ArrayList<>();
    ChainLink at = ChainLink.origin(CHAIN);
    for (Optional<ChainRun> run = cursor.next(); run.isPresent(); run = cursor.next()) {
      assertThat(run.get().start()).isEqualTo(at);
      at = run.get().head();
      runs.add(run.get());
    }
    return runs;
  }

  @Test
  void theLongestRecordComesAmongShortOnes() throws Exception {
    List<String> records = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      records.add(i % 100 == 50 ? "x".repeat(AuditJson.LINE_BYTES_MAX) : "record " + i);
    }
    write(records);

    List<ChainRun> runs = runs();

    assertThat(runs.stream().flatMap(run -> run.records().stream()))
        .containsExactlyElementsOf(records);
    assertThat(runs)
        .allSatisfy(run -> assertThat(run.records()).hasSizeLessThanOrEqualTo(RECORDS_MAX));
  }

  @Test
  void whileMoreWaitsItIsNotThrough() throws Exception {
    write(Collections.nCopies(2 * RECORDS_MAX + 1, "record"));
    JournalCursor cursor = new JournalCursor(log, RECORDS_MAX, BYTES_MAX, 16);

    List<Boolean> through = new ArrayList<>();
    while (cursor.next().isPresent()) {
      through.add(cursor.isThrough());
    }

    assertThat(through).containsExactly(false, false, true);
  }
}
